"""A pressed-in hollow, seen by its shading."""

import numpy as np

from ..shapes import smoothstep


def dent(canvas, r, albedo, relief, base, cx, cy):
    radius = r.uniform(12, 26)
    u, v = canvas.rotated(r.uniform(0, np.pi), cx, cy)
    squared = (u / radius) ** 2 + (v / (radius * r.uniform(0.6, 1))) ** 2
    hollow = np.exp(-squared * 1.6)
    relief = relief - hollow * radius * r.uniform(0.7, 1.1)
    rim = np.exp(-(((np.sqrt(squared) - 1.05) / 0.25) ** 2))
    return albedo * (1 - 0.10 * hollow[..., None]), relief + rim * radius * 0.08, smoothstep(0.12, 0.3, hollow)
