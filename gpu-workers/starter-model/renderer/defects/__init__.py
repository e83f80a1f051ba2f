"""The seven defects: each is painted into a surface and gives its own exact coverage."""

import numpy as np

from .contamination import contamination
from .crack import crack
from .dent import dent
from .hole import hole
from .rust import rust
from .scratch import scratch
from .stain import stain

DEFECTS = {
    "scratch": scratch,
    "crack": crack,
    "hole": hole,
    "stain": stain,
    "dent": dent,
    "rust": rust,
    "contamination": contamination,
}


def paint_defect(canvas, r, name, albedo, relief, base):
    """Returns (albedo, relief, coverage 0..1); `base` is the surface's mean colour.

    The defect's middle keeps 30 units from the left and top edge and lies within the first 98 x 98 units,
    scaled with the canvas, so that most of it is in the picture.
    """
    cx, cy = r.uniform(30, 98, 2) * np.array([canvas.span_x, canvas.span_y]) / 128
    return DEFECTS[name](canvas, r, albedo.copy(), relief.copy(), base, cx, cy)
