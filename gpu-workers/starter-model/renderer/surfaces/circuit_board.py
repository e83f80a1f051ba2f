"""A printed circuit board: bent parallel traces, plated holes and perhaps a chip."""

import numpy as np

from ..colours import pick_colour
from ..shapes import over, smoothstep
from .surface import Surface

GOLD = np.array((0.80, 0.66, 0.34), np.float32)
TIN = np.array((0.76, 0.77, 0.78), np.float32)


def circuit_board(canvas, r):
    name, colour = pick_colour(r, ["green", "green", "green", "blue", "black", "red"])
    colour = colour * 0.75
    albedo = canvas.flat(colour) * (1 + 0.03 * canvas.fractal(r, 0.5)[..., None])
    relief = canvas.zeros()
    lengthwise = r.random() < 0.5
    pitch, width = r.uniform(7, 13), r.uniform(1.2, 2.4)
    offset = r.uniform(0, pitch)

    traces = _traces(canvas, r, lengthwise, pitch, width, offset)
    albedo = over(albedo, np.clip(colour * 1.55 + 0.05, 0, 1), traces)
    relief += traces * 0.7
    plating = GOLD if r.random() < 0.7 else TIN
    for _ in range(r.integers(2, 9) * _how_many(canvas)):
        albedo, relief = _plated_hole(canvas, r, albedo, relief, plating, lengthwise, pitch, offset)
    if r.random() < 0.5:
        for _ in range(_how_many(canvas)):
            albedo, relief = _chip(canvas, r, albedo, relief)
    return Surface(name, np.clip(albedo, 0, 1), relief, 0.15)


def _how_many(canvas):
    """A larger canvas shows more of the board: parts grow with its area."""
    return max(1, round(canvas.span_x * canvas.span_y / 128**2 / 1.5))


def _traces(canvas, r, lengthwise, pitch, width, offset):
    u, v = (canvas.x, canvas.y) if lengthwise else (canvas.y, canvas.x)
    far = (canvas.span_x if lengthwise else canvas.span_y) / 128
    bend_at = r.uniform(20 * far, 108 * far)
    bend_by = r.uniform(8, 30) * r.choice([-1, 0, 1])
    bend = np.clip(u - bend_at, 0, abs(bend_by)) * np.sign(bend_by)
    bent = v + bend - offset
    line = np.round(bent / pitch)
    kept = r.random(64) < 0.7
    return (1 - smoothstep(width - 0.6, width + 0.6, np.abs(bent - line * pitch))) * kept[line.astype(int) % 64]


def _plated_hole(canvas, r, albedo, relief, plating, lengthwise, pitch, offset):
    across_span, along_span = (
        (canvas.span_y, canvas.span_x) if lengthwise else (canvas.span_x, canvas.span_y)
    )
    across = r.integers(0, int(across_span / pitch)) * pitch + offset
    along = r.uniform(4, along_span - 4)
    cx, cy = (along, across) if lengthwise else (across, along)
    distance = np.hypot(canvas.x - cx, canvas.y - cy)
    radius = r.uniform(3, 5.5)
    ring = 1 - smoothstep(radius - 0.7, radius + 0.7, distance)
    bore = 1 - smoothstep(radius * 0.42 - 0.6, radius * 0.42 + 0.6, distance)
    albedo = over(albedo, plating * (1 - 0.92 * bore[..., None]), ring)
    return albedo, relief + ring * 0.8 - bore


def _chip(canvas, r, albedo, relief):
    far = np.array([canvas.span_x, canvas.span_y]) / 128
    left, top = r.uniform(10, 80, 2) * far
    w, h = r.uniform(16, 44, 2)
    x, y = canvas.x, canvas.y
    outside = np.maximum(np.abs(x - left - w / 2) - w / 2, np.abs(y - top - h / 2) - h / 2)
    body = 1 - smoothstep(-0.6, 0.6, outside)
    comb = np.sin(x * 1.4) > 0
    beside = (outside > 0) & (np.abs(x - left - w / 2) < w / 2)
    legs = comb * (1 - smoothstep(3, 4, outside)) * beside
    albedo = over(albedo, 0.72, legs)
    albedo = over(albedo, np.float32(r.uniform(0.07, 0.16)), body)
    return albedo, relief * (1 - body) + body * 2.2
