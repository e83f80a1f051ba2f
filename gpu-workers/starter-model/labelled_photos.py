"""Renders with labels in words: material, defect, finish, light and camera; what the dual encoder learns from.

Light and camera are put on a render here, so that they are known: a gain, a ramp from one side, blur, grain,
a closer or a wider view.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image

from networks import SIDE
from renderer import DEFECTS, SURFACES, render_pair
from renderer.canvas import Canvas

WIDE = 2  # a wide view shows so many times as much of the surface in each direction
WIDE_SHARE = 0.3

# Label -> phrases that say it. The first one is what the exported list offers.
DEFECT_PHRASES = {
    "clean": ["without defects", "flawless surface", "clean surface"],
    "scratch": ["a scratch", "scratches", "scratched surface"],
    "crack": ["a crack", "cracked surface"],
    "hole": ["a hole", "punctured surface"],
    "stain": ["a stain", "a dark stain", "stained surface"],
    "dent": ["a dent", "dented surface"],
    "rust": ["rust", "a rust spot", "rusty surface"],
    "contamination": ["contamination", "dirt particles", "dirty surface"],
}
FINISH_PHRASES = {
    "brushed metal": ["brushed finish", "fine brush lines"],
    "wood": ["wood grain", "planed grain"],
    "fabric": ["woven texture", "visible weave"],
    "leather": ["pebbled grain", "embossed grain"],
    "concrete": ["rough matte finish", "porous matte texture"],
    "ceramic tile": ["glazed finish", "smooth glaze"],
    "painted metal": ["painted finish", "coat of paint"],
    "circuit board": ["solder mask finish", "copper traces"],
}
LIGHT_PHRASES = {
    "even": ["even light", "soft even lighting"],
    "dim": ["dim light", "underexposed"],
    "bright": ["overexposed", "very bright light"],
    "left": ["light from the left", "lit from the left side"],
    "right": ["light from the right", "lit from the right side"],
    "above": ["light from above", "lit from the top"],
    "below": ["light from below", "lit from the bottom"],
}
CAMERA_PHRASES = {
    "sharp": ["sharp photo", "in focus"],
    "blurred": ["out of focus", "blurry photo"],
    "grainy": ["grainy photo", "high sensor noise"],
    "close": ["extreme close-up", "macro photo"],
    "wide": ["wide view", "seen from a distance"],
}


class Photos(NamedTuple):
    """Clean and defective pictures of the same parts, in rows; the view is either normal or wide."""

    clean: np.ndarray  # n x 128 x 128 x 3, uint8
    defective: np.ndarray
    mask: np.ndarray  # n x 128 x 128, bool
    material: list  # "red fabric", …
    surface: list
    defect: list
    wide: np.ndarray  # n, bool


def render_photos(first_seed, count):
    normal, wide = Canvas(), Canvas(WIDE * SIDE)
    rows = []
    for seed in range(first_seed, first_seed + count):
        r = np.random.default_rng(seed)
        is_wide = r.random() < WIDE_SHARE
        pair = render_pair(seed, canvas=wide if is_wide else normal)
        rows.append(
            (
                *(_shrink(x) for x in (pair.clean, pair.defective)),
                _shrink(pair.mask.astype(np.uint8) * 255) > 80,
                f"{pair.colour} {pair.surface}",
                pair.surface,
                pair.defect,
                is_wide,
            )
        )
    columns = list(zip(*rows))
    return Photos(*(np.stack(c) if isinstance(c[0], np.ndarray) else list(c) for c in columns[:-1]), np.array(columns[-1]))


def joined(one, other):
    return Photos(*(a + b if isinstance(a, list) else np.concatenate([a, b]) for a, b in zip(one, other)))


def _shrink(picture):
    if picture.shape[0] == SIDE:
        return picture
    return np.asarray(Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def materials():
    """Every colour of every surface that renders show, found by looking."""
    small = Canvas(16)
    found = set()
    for surface, draw in SURFACES.items():
        for seed in range(200):
            found.add(f"{draw(small, np.random.default_rng(seed)).colour} {surface}")
    return sorted(found)


def states():
    return ["clean", *DEFECTS]


def photographed(r, picture, mask, light, camera):
    """Float picture 0..1 in that light by that camera, and its mask."""
    x = picture.astype(np.float32) / 255
    if camera == "close":
        side = int(r.integers(44, 64))
        ys, xs = np.nonzero(mask)
        # About the defect, so that a close-up of a defect shows it.
        middle = np.array([ys.mean(), xs.mean()]) if len(ys) else r.uniform(0, SIDE, 2)
        y, x0 = (np.clip(m + r.uniform(-8, 8) - side / 2, 0, SIDE - side).astype(int) for m in middle)
        part = Image.fromarray(picture[y : y + side, x0 : x0 + side]).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        x = np.asarray(part).astype(np.float32) / 255
        mask = np.asarray(Image.fromarray(mask[y : y + side, x0 : x0 + side]).resize((SIDE, SIDE)))
    if camera == "blurred":
        x = _blurred(x, int(r.integers(2, 5)))
    if light == "dim":
        x = x * r.uniform(0.3, 0.5)
    elif light == "bright":
        x = x * r.uniform(1.7, 2.3) + 0.05
    elif light == "even":
        x = x * r.uniform(0.85, 1.15)
    else:
        ramp = np.linspace(r.uniform(1.35, 1.6), r.uniform(0.4, 0.6), SIDE, dtype=np.float32)
        ramp = ramp[::-1] if light in ("right", "below") else ramp
        x = x * (ramp[None, :, None] if light in ("left", "right") else ramp[:, None, None])
    if camera == "grainy":
        x = x + r.standard_normal(x.shape, dtype=np.float32) * r.uniform(0.07, 0.13)
    return np.clip(x, 0, 1), mask


def _blurred(x, radius):
    """Three box means: near a Gaussian."""
    for _ in range(3):
        for axis in (0, 1):
            padded = np.pad(x, [(radius, radius) if a == axis else (0, 0) for a in range(3)], mode="edge")
            total = np.cumsum(padded, axis, dtype=np.float64)
            total = np.insert(total, 0, 0, axis)
            high = np.take(total, range(2 * radius + 1, total.shape[axis]), axis)
            low = np.take(total, range(total.shape[axis] - 2 * radius - 1), axis)
            x = ((high - low) / (2 * radius + 1)).astype(np.float32)
    return x
