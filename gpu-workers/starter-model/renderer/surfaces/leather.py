"""Grained leather: cells with soft creases between them."""

from ..colours import pick_colour
from ..shapes import cells, smoothstep
from .surface import Surface


def leather(canvas, r):
    name, colour = pick_colour(r, ["brown", "black", "red", "beige"])
    cell_size = 128 / r.integers(12, 26)
    nearest, second = cells(canvas, r, cell_size)
    grain = smoothstep(0, 0.38, (second - nearest) / cell_size)
    tone = 0.34 * (grain - 0.75) + 0.05 * canvas.fractal(r, 1.2) + 0.05 * canvas.soft_noise(r, 20)
    albedo = canvas.flat(colour) * (1 + tone[..., None]) + 0.03 * grain[..., None]
    return Surface(name, albedo, grain * 1.6 + 0.1 * canvas.fractal(r, 0.8), 0.10)
