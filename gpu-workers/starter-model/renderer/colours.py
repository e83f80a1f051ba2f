"""The named colours that captions speak of."""

import numpy as np

COLOURS = {
    "red": (0.70, 0.13, 0.12),
    "blue": (0.13, 0.27, 0.62),
    "green": (0.13, 0.45, 0.22),
    "yellow": (0.85, 0.68, 0.12),
    "orange": (0.85, 0.42, 0.1),
    "white": (0.88, 0.88, 0.86),
    "black": (0.12, 0.12, 0.13),
    "gray": (0.48, 0.49, 0.5),
    "brown": (0.36, 0.22, 0.13),
    "beige": (0.76, 0.67, 0.52),
}


def pick_colour(r, names):
    """One of the named colours, a little lighter, darker or tinted: (name, linear-ish RGB in 0..1)."""
    name = names[r.integers(len(names))]
    colour = np.array(COLOURS[name], np.float32)
    varied = colour * (1 + 0.12 * r.standard_normal()) + 0.025 * r.standard_normal(3)
    return name, np.clip(varied, 0.03, 0.95).astype(np.float32)
