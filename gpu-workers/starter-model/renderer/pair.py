"""A good part and the same part with a defect: same surface, same light, same noise."""

from typing import NamedTuple

import numpy as np

from .canvas import Canvas
from .captions import caption
from .defects import DEFECTS, paint_defect
from .lighting import random_light, shade
from .surfaces import SURFACES
from .visibility import make_visible

MASK_FROM = 0.35  # coverage from which a pixel counts as defective


class Pair(NamedTuple):
    clean: np.ndarray  # height x width x 3, uint8
    defective: np.ndarray  # the same with the defect
    mask: np.ndarray  # height x width, bool: where the defect is
    surface: str
    colour: str
    defect: str
    clean_caption: str
    defect_caption: str


def render_pair(seed, surface=None, defect=None, canvas=None):
    """Draws a pair. The same seed, names and canvas give the same bytes; unset names are drawn at random."""
    canvas = canvas or Canvas()
    r = np.random.default_rng(seed)
    surface = surface or list(SURFACES)[r.integers(8)]
    defect = defect or list(DEFECTS)[r.integers(7)]
    part = SURFACES[surface](canvas, r)
    albedo, relief = part.albedo.astype(np.float32), part.relief.astype(np.float32)
    base = albedo.mean((0, 1))
    light = random_light(canvas, r)
    noise = r.standard_normal((*canvas.shape, 1), dtype=np.float32) * light.noise
    damaged, dented, coverage = paint_defect(canvas, r, defect, albedo, relief, base)
    mask = coverage > MASK_FROM
    good = shade(canvas, albedo, relief, part.shine, light)
    bad = make_visible(good, shade(canvas, damaged, dented, part.shine, light), mask)
    return Pair(
        _photograph(good, noise),
        _photograph(bad, noise),
        mask,
        surface,
        part.colour,
        defect,
        caption(r, surface, part.colour),
        caption(r, surface, part.colour, defect),
    )


def render_clean(seed, surface, canvas):
    """A good part alone, with the colour's name."""
    r = np.random.default_rng(seed)
    part = SURFACES[surface](canvas, r)
    light = random_light(canvas, r)
    noise = r.standard_normal((*canvas.shape, 1), dtype=np.float32) * light.noise
    lit = shade(canvas, part.albedo.astype(np.float32), part.relief.astype(np.float32), part.shine, light)
    return _photograph(lit, noise), part.colour


def _photograph(lit, noise):
    return (np.clip(lit + noise, 0, 1) * 255 + 0.5).astype(np.uint8)
