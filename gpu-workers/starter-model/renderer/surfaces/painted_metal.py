"""Sprayed paint with orange peel."""

from ..colours import pick_colour
from .surface import Surface


def painted_metal(canvas, r):
    name, colour = pick_colour(r, ["red", "blue", "green", "yellow", "orange", "white", "black", "gray"])
    peel = canvas.soft_noise(r, r.uniform(1.3, 3))
    tone = 0.015 * canvas.fractal(r, 0.6)[..., None] + 0.03 * canvas.soft_noise(r, 25)[..., None]
    return Surface(name, canvas.flat(colour) * (1 + tone), peel * 0.35, 0.5)
