"""A dark hole with a slightly raised bright rim."""

import numpy as np

from ..shapes import blob, over, smoothstep


def hole(canvas, r, albedo, relief, base, cx, cy):
    radius = r.uniform(6, 17)
    inside = blob(canvas, r, cx, cy, radius, r.choice([0.0, 0.15, 0.3]))
    coverage = smoothstep(-0.8, 0.8, inside)
    rim = smoothstep(-3.5, -0.5, inside) * (1 - coverage)
    depth = smoothstep(0, radius * 0.8, inside)
    albedo = over(albedo, base * (0.20 - 0.14 * depth[..., None]), coverage)
    albedo = albedo * (1 + 0.15 * rim[..., None])
    return albedo, relief * (1 - coverage) - coverage * 3 - rim * 0.6, np.maximum(coverage, rim * 0.8)
