"""Distances and edges that surfaces and defects are cut from."""

import numpy as np


def smoothstep(low, high, x):
    t = np.clip((x - low) / (high - low + 1e-9), 0, 1)
    return t * t * (3 - 2 * t)


def over(under, colour, alpha):
    """`colour` laid over `under` with the coverage `alpha` (height x width)."""
    return under * (1 - alpha[..., None]) + alpha[..., None] * colour


def polyline_distance(canvas, points, half_widths):
    """Distance in units from a line of varying width; negative inside it, huge far away."""
    distance = np.full(canvas.shape, 1e9, np.float32)
    scale = canvas.scale
    for i in range(len(points) - 1):
        a, b = points[i], points[i + 1]
        width = (half_widths[i] + half_widths[i + 1]) / 2
        x0, x1 = min(a[0], b[0]) - 6, max(a[0], b[0]) + 6
        y0, y1 = min(a[1], b[1]) - 6, max(a[1], b[1]) + 6
        x0, y0 = int(max(0, x0 * scale)), int(max(0, y0 * scale))
        x1, y1 = int(min(canvas.width, x1 * scale + 1)), int(min(canvas.height, y1 * scale + 1))
        if x1 <= x0 or y1 <= y0:
            continue
        xs, ys = canvas.x[y0:y1, x0:x1], canvas.y[y0:y1, x0:x1]
        d = b - a
        t = np.clip(((xs - a[0]) * d[0] + (ys - a[1]) * d[1]) / (d @ d + 1e-6), 0, 1)
        near = np.hypot(xs - a[0] - t * d[0], ys - a[1] - t * d[1]) - width
        distance[y0:y1, x0:x1] = np.minimum(distance[y0:y1, x0:x1], near)
    return distance


def blob(canvas, r, cx, cy, radius, rough=0.35):
    """A rough ellipse as a signed field in units, positive inside."""
    angle = r.uniform(0, np.pi)
    u, v = canvas.rotated(angle, cx, cy)
    flat = r.uniform(0.6, 1)
    d = np.hypot(u, v / flat)
    return radius * (1 + rough * canvas.soft_noise(r, max(3, radius * 0.45)) * 0.6) - d


def cells(canvas, r, cell_size):
    """Distances to the nearest and second nearest of jittered points (Worley noise), in units."""
    columns, rows = (int(np.ceil(span / cell_size - 1e-6)) for span in (canvas.span_x, canvas.span_y))
    jy, jx = np.mgrid[-1 : rows + 2, -1 : columns + 2]
    points = np.stack([(jx + r.random(jx.shape)) * cell_size, (jy + r.random(jx.shape)) * cell_size], -1)
    points = points.astype(np.float32)
    column = np.minimum((canvas.x / cell_size).astype(int), columns - 1) + 1
    row = np.minimum((canvas.y / cell_size).astype(int), rows - 1) + 1
    squared = np.stack(
        [
            (points[row + dy, column + dx, 0] - canvas.x) ** 2 + (points[row + dy, column + dx, 1] - canvas.y) ** 2
            for dy in (-1, 0, 1)
            for dx in (-1, 0, 1)
        ]
    )
    nearest = np.sqrt(np.partition(squared, 1, 0)[:2])
    return nearest[0], nearest[1]
