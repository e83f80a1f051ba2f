"""A jagged dark line that thins out, with up to three side branches."""

import numpy as np

from ..shapes import over, polyline_distance, smoothstep


def crack(canvas, r, albedo, relief, base, cx, cy):
    angle = r.uniform(0, 2 * np.pi)
    length = r.uniform(45, 105)
    count = int(length / 4.5)
    step = length / count
    start = np.array([cx, cy]) - length / 2 * np.array([np.cos(angle), np.sin(angle)])

    points, widths = _walk(r, start, angle, count, step, r.uniform(1.0, 2.2))
    line = polyline_distance(canvas, points, widths)
    for _ in range(r.integers(0, 4)):
        at = r.integers(1, count - 1)
        branch, thinning = _walk(
            r, points[at], angle + r.choice([-1, 1]) * r.uniform(0.5, 1.2), r.integers(3, 8), step, 0.9
        )
        line = np.minimum(line, polyline_distance(canvas, branch, thinning))
    coverage = 1 - smoothstep(-0.4, 0.8, line)
    return over(albedo, base * 0.12, 0.92 * coverage), relief - coverage * 2.5, coverage


def _walk(r, start, heading, count, step, width):
    points, widths = [start], [width]
    for i in range(count):
        turned = heading + r.normal() * 0.55
        points.append(points[-1] + step * np.array([np.cos(turned), np.sin(turned)]))
        widths.append(width * (1 - i / count) ** 0.6 * r.uniform(0.6, 1.3))
    return np.array(points, np.float32), widths
