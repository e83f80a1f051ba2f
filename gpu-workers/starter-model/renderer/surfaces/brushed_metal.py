"""Sheet metal brushed in one direction."""

import numpy as np

from .surface import Surface

METALS = {
    "steel": (0.50, 0.51, 0.53),
    "aluminium": (0.72, 0.73, 0.74),
    "brass": (0.70, 0.56, 0.26),
    "copper": (0.68, 0.40, 0.27),
}


def brushed_metal(canvas, r):
    name = list(METALS)[r.integers(4)]
    base = np.array(METALS[name], np.float32) * (1 + 0.1 * r.standard_normal())
    angle = r.choice([0, np.pi / 2, r.uniform(0, np.pi)], p=[0.45, 0.25, 0.3])
    brushing = (
        canvas.streaks(r, angle, r.uniform(25, 60), r.uniform(0.2, 0.7)) * 0.045
        + canvas.streaks(r, angle, 80, r.uniform(2, 6)) * 0.04
    )
    _, across = canvas.rotated(angle, r.uniform(0, canvas.span_x), r.uniform(0, canvas.span_y))
    sheen = np.exp(-((across / r.uniform(25, 70)) ** 2)) * r.uniform(0.05, 0.3)
    albedo = canvas.flat(base) * (1 + brushing[..., None] * 1.3) + sheen[..., None] * 0.8 * base
    return Surface(name, albedo, brushing * 2, 0.15)
