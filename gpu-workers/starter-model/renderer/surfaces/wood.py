"""Planed wood: warped year rings, pores along the grain, now and then a dark vein."""

import numpy as np

from ..shapes import smoothstep
from .surface import Surface

WOODS = {"light": (0.80, 0.62, 0.40), "brown": (0.56, 0.35, 0.18), "dark": (0.30, 0.18, 0.10)}


def wood(canvas, r):
    name = list(WOODS)[r.integers(3)]
    colour = np.array(WOODS[name], np.float32) * (1 + 0.08 * r.standard_normal())
    angle = r.choice([0, np.pi / 2, r.uniform(-0.3, 0.3)], p=[0.4, 0.3, 0.3])
    far_x, far_y = canvas.span_x / 128, canvas.span_y / 128
    along, across = canvas.rotated(angle, r.uniform(-60 * far_x, 190 * far_x), r.uniform(-60 * far_y, 190 * far_y))
    warp = canvas.soft_noise(r, 25) * r.uniform(3, 9) + along * r.uniform(-0.12, 0.12)
    phase = (across + warp) * r.uniform(0.18, 0.5)
    rings = 0.5 + 0.5 * np.sin(phase + 1.2 * np.sin(phase * 0.37 + 2))
    rings = rings ** r.uniform(0.7, 2.0)
    pores = canvas.streaks(r, angle, r.uniform(12, 30), 0.5)
    tone = -0.26 * rings + 0.07 * pores - 0.16 * smoothstep(1.6, 2.4, canvas.streaks(r, angle, 8, 0.5))
    albedo = canvas.flat(colour) * (1 + tone[..., None] * np.array([0.9, 1.05, 1.2], np.float32))
    return Surface(name, albedo, -rings * 0.4 + pores * 0.15, 0.05)
