"""One to three slightly bent strokes, bright on dark material and dark on most bright material."""

import numpy as np

from ..shapes import over, polyline_distance, smoothstep


def scratch(canvas, r, albedo, relief, base, cx, cy):
    coverage = canvas.zeros()
    angle = r.uniform(0, np.pi)
    for stroke in range(r.choice([1, 1, 2, 3])):
        length = r.uniform(35, 100)
        direction = angle + r.normal() * 0.12
        t = np.linspace(-0.5, 0.5, 10)[:, None]
        aside = r.normal(size=2) * (6 if stroke else 0)
        bend = r.normal() * 0.10
        points = (
            np.array([cx, cy])
            + aside
            + t * length * np.array([np.cos(direction), np.sin(direction)])
            + (t**2) * length * bend * 4 * np.array([-np.sin(direction), np.cos(direction)])
        )
        widths = r.uniform(0.8, 2.0) * (1 - (2 * t[:, 0]) ** 4 * 0.8)
        line = polyline_distance(canvas, points.astype(np.float32), widths)
        coverage = np.maximum(coverage, 1 - smoothstep(-0.3, 0.9, line))
    bright = base.mean() < 0.45 or r.random() < 0.35
    colour = np.clip(base * 0.5 + 0.45, 0, 1) if bright else base * 0.38
    return over(albedo, colour, 0.85 * coverage), relief - coverage * 1.6, coverage
