"""Woven cloth: plain weave or twill."""

import numpy as np

from ..colours import pick_colour
from .surface import Surface


def fabric(canvas, r):
    name, colour = pick_colour(r, ["red", "blue", "green", "gray", "black", "white", "beige", "brown"])
    angle = r.choice([0, np.pi / 4, r.uniform(0, np.pi)])
    u, v = canvas.rotated(angle)
    pitch = r.uniform(4.5, 9)
    slack = canvas.soft_noise(r, 14) * 0.5
    u, v = u / pitch + slack * 0.25, v / pitch + slack * 0.25
    warp, weft = np.floor(u), np.floor(v)
    twill = r.random() < 0.4
    over = (((warp + weft) % 2) == 0) if not twill else (((warp - weft) % 4) < 2)
    round_u, round_v = np.sin(np.pi * (u - warp)), np.sin(np.pi * (v - weft))
    relief = np.where(over, round_v * (0.55 + 0.45 * round_u), round_u * (0.55 + 0.45 * round_v))
    tone = 0.30 * (relief - 0.55) + np.where(over, 0.05, -0.06) + 0.05 * canvas.streaks(r, angle, 3, 0.6)
    albedo = canvas.flat(colour) * (1 + tone[..., None] * 1.6) + 0.02 * relief[..., None]
    return Surface(name, albedo, relief * 1.2, 0.0)
