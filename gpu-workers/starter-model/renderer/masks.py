"""Masks as a person would draw them: around a defect, or anywhere on a good part."""

import numpy as np

from .shapes import blob


def mask_around(canvas, r, defect):
    """Contains the whole defect (bool): its outline grown, a box, or a rough ellipse."""
    kind = r.integers(3)
    ys, xs = np.nonzero(defect)
    if len(ys) == 0:
        ys, xs = np.array([canvas.height // 2]), np.array([canvas.width // 2])
    if kind == 0:
        grown = canvas.blurred(defect.astype(np.float32), r.uniform(2, 6))
        return grown > r.uniform(0.03, 0.12) * max(grown.max(), 1e-3)
    margin = r.integers(1, 10, 4)
    y0, y1, x0, x1 = ys.min() - margin[0], ys.max() + margin[1], xs.min() - margin[2], xs.max() + margin[3]
    if kind == 1:
        box = np.zeros(canvas.shape, bool)
        box[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1] = True
        return box | defect
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    across = ((canvas.x - cx) / ((x1 - x0) / 2 * 1.15 + 3)) ** 2
    down = ((canvas.y - cy) / ((y1 - y0) / 2 * 1.15 + 3)) ** 2
    return (across + down + 0.12 * canvas.soft_noise(r, 12) < 1) | defect


def mask_anywhere(canvas, r):
    """A box, a blob or a bar (bool)."""
    kind = r.integers(3)
    cx, cy = r.uniform(15, 113, 2) * np.array([canvas.span_x, canvas.span_y]) / 128
    radius = r.uniform(12, 60)
    if kind == 0:
        return (np.abs(canvas.x - cx) < radius) & (np.abs(canvas.y - cy) < radius * r.uniform(0.4, 1.6))
    if kind == 1:
        return blob(canvas, r, cx, cy, radius, 0.3) > 0
    u, v = canvas.rotated(r.uniform(0, np.pi), cx, cy)
    return (np.abs(v) < r.uniform(5, 20)) & (np.abs(u) < r.uniform(20, 60))
