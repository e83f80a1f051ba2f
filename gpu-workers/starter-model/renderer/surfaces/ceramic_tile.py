"""Glazed tiles with bevelled edges and grout."""

import numpy as np

from ..colours import pick_colour
from ..shapes import over, smoothstep
from .surface import Surface


def ceramic_tile(canvas, r):
    name, colour = pick_colour(r, ["white", "beige", "gray", "blue", "green"])
    glaze = np.array([0.9, 0.9, 0.9], np.float32)
    bright = colour.mean() > 0.3
    colour = colour * 0.6 + 0.4 * glaze * bright + colour * 0.4 * (not bright)
    side = r.uniform(40, 110)
    angle = r.choice([0, r.uniform(-0.1, 0.1)])
    u, v = canvas.rotated(angle, r.uniform(0, canvas.span_x), r.uniform(0, canvas.span_y))
    width = r.uniform(1.2, 2.8)
    to_joint = np.minimum(np.abs((u / side - np.round(u / side)) * side), np.abs((v / side - np.round(v / side)) * side))
    grout = 1 - smoothstep(width - 0.7, width + 0.7, to_joint)
    bevel = 1 - smoothstep(width, width + 3.5, to_joint)
    clouds = 0.03 * canvas.soft_noise(r, 20)[..., None] + 0.012 * canvas.fractal(r, 0.4)[..., None]
    albedo = canvas.flat(colour) * (1 + clouds)
    speckles = smoothstep(2.2, 2.6, canvas.soft_noise(r, 0.9)) * r.choice([0, 0.25])
    albedo = albedo * (1 - speckles[..., None])
    grout_gray = np.float32(r.uniform(0.25, 0.75))
    albedo = over(albedo, grout_gray * (1 + 0.08 * canvas.fractal(r, 0.3)[..., None]), grout)
    return Surface(name, albedo, -bevel * 2.0, 0.35)
