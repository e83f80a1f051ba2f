"""Foreign particles, sometimes with a fibre."""

import numpy as np

from ..shapes import over, polyline_distance, smoothstep

DARK_DIRT, BRIGHT_DIRT = np.array((0.12, 0.10, 0.08)), np.array((0.82, 0.80, 0.74))


def contamination(canvas, r, albedo, relief, base, cx, cy):
    coverage = canvas.zeros()
    colour = np.zeros((*canvas.shape, 3), np.float32)
    spread = r.uniform(10, 28)
    with_fibre = r.integers(3) == 0
    on_bright = base.mean() > 0.4
    for _ in range(r.integers(9, 26)):
        x, y = np.array([cx, cy]) + r.normal(size=2) * spread * 0.6
        radius = r.uniform(1.0, 3.6)
        inside = radius - np.hypot(canvas.x - x, (canvas.y - y) * r.uniform(0.8, 1.3))
        particle = smoothstep(-0.7, 0.7, inside)
        dirt = (DARK_DIRT if on_bright else BRIGHT_DIRT) * r.uniform(0.6, 1.2)
        colour = over(colour, dirt.astype(np.float32), particle)
        coverage = np.maximum(coverage, particle)
    if with_fibre:
        t = np.linspace(-1, 1, 9)
        x = cx + t * spread + r.normal(size=9) * 3
        wave = np.sin(t * r.uniform(1, 3) + r.uniform(0, 6))
        points = np.stack([x, cy + wave * spread * 0.5], -1).astype(np.float32)
        fibre = 1 - smoothstep(-0.3, 0.8, polyline_distance(canvas, points, np.full(9, 0.6)))
        colour = over(colour, 0.1 if on_bright else 0.85, fibre)
        coverage = np.maximum(coverage, fibre)
    return over(albedo, colour, coverage), relief + coverage * 1.2, coverage
