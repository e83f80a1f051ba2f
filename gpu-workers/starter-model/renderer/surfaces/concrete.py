"""Cast concrete: clouds, grain and air pores."""

import numpy as np

from ..shapes import smoothstep
from .surface import Surface


def concrete(canvas, r):
    gray = np.array((0.56, 0.55, 0.53), np.float32) * (1 + 0.16 * r.standard_normal())
    colour = gray + 0.015 * r.standard_normal(3).astype(np.float32)
    tone = 0.07 * canvas.fractal(r, 1.3) + 0.045 * canvas.fractal(r, 0.3) + 0.05 * canvas.soft_noise(r, 18)
    pores = smoothstep(r.uniform(1.9, 2.6), 3.0, canvas.soft_noise(r, r.uniform(1.0, 2.2)))
    albedo = canvas.flat(colour) * (1 + tone[..., None] - 0.45 * pores[..., None])
    return Surface("gray", albedo, tone * 2 - 1.5 * pores, 0.0)
