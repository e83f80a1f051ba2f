"""A dried liquid: a tinted patch with a stronger edge; the texture stays visible through it.

On dark material it is a pale residue, as salt or lime leave, since a dark one would not be seen.
"""

import numpy as np

from ..shapes import blob, smoothstep

TINTS = [(0.30, 0.20, 0.10), (0.10, 0.09, 0.09), (0.42, 0.36, 0.18), (0.25, 0.12, 0.10)]
PALE_TINTS = [(0.66, 0.60, 0.50), (0.58, 0.60, 0.62), (0.62, 0.54, 0.36), (0.60, 0.50, 0.47)]
DARK_BELOW = 0.28  # the surface's mean


def stain(canvas, r, albedo, relief, base, cx, cy):
    radius = r.uniform(12, 30)
    inside = blob(canvas, r, cx, cy, radius, 0.4)
    coverage = smoothstep(-1.5, 2.5, inside)
    edge = np.exp(-(((inside - 1.5) / 2.2) ** 2))
    tints = PALE_TINTS if base.mean() < DARK_BELOW else TINTS
    tint = np.array(tints[r.integers(4)], np.float32)
    strength = r.uniform(0.55, 0.8)
    w = np.clip(coverage * strength * (0.85 + 0.12 * canvas.soft_noise(r, 5)) + edge * 0.22, 0, 0.95)
    albedo = albedo * (1 - w[..., None]) + w[..., None] * (tint * 0.75 + albedo * 0.25 * 0.5)
    return albedo, relief * (1 - 0.3 * coverage), coverage
