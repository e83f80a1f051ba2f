"""A ragged patch of rust in three browns."""

import numpy as np

from ..shapes import blob, over, smoothstep

ORANGE_BROWN = np.array((0.48, 0.22, 0.07), np.float32)
DARK_BROWN = np.array((0.26, 0.11, 0.05), np.float32)
BRIGHT_GRAIN = np.array((0.70, 0.38, 0.13), np.float32)


def rust(canvas, r, albedo, relief, base, cx, cy):
    radius = r.uniform(12, 30)
    inside = blob(canvas, r, cx, cy, radius, 0.75) + 3 * canvas.fractal(r, 1.0)
    coverage = smoothstep(-1, 2, inside)
    grain = canvas.fractal(r, 1.1)
    dark = smoothstep(-1.2, 1.2, grain)[..., None]
    colour = ORANGE_BROWN * (1 - dark) + DARK_BROWN * dark
    bright = smoothstep(0.8, 1.8, canvas.fractal(r, 0.6))[..., None]
    colour = colour * (1 - bright) + BRIGHT_GRAIN * bright
    return over(albedo, colour, 0.93 * coverage), relief * (1 - coverage) + coverage * (grain * 0.5), coverage
