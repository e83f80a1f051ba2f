"""Checks that the renderer still draws what the trained weights learned: `python -m renderer.selfcheck`.

Compares coarse thumbnails, not bytes: another NumPy may round a pixel differently.
"""

import sys

import numpy as np

from . import DEFECTS, SURFACES, render_clean, render_pair
from .canvas import Canvas
from .masks import mask_anywhere, mask_around
from .parts import render_part

# Mean colour of the good part, mean difference the defect makes, and the share of its mask, per surface.
EXPECTED = {
    "brushed metal": [111.4, 113.3, 122.4, 7.2, 11.9],
    "wood": [59.3, 35.4, 19.0, 4.6, 14.1],
    "fabric": [36.5, 25.8, 21.0, 6.1, 30.2],
    "leather": [21.8, 26.9, 31.3, 28.0, 66.9],
    "concrete": [119.9, 113.6, 113.1, 15.1, 32.2],
    "ceramic tile": [150.7, 156.0, 163.9, 186.2, 205.9],
    "painted metal": [201.2, 108.6, 45.4, 19.2, 19.6],
    "circuit board": [26.4, 81.7, 44.8, 18.2, 27.1],
}


def measure(index, surface, defect):
    pair = render_pair(1000 + index, surface, defect)
    change = np.abs(pair.clean.astype(float) - pair.defective).mean()
    return [*pair.clean.mean((0, 1)), change * 10, pair.mask.mean() * 1000]


def main():
    failures = []
    for i, surface in enumerate(SURFACES):
        defect = list(DEFECTS)[i % len(DEFECTS)]
        found = measure(i, surface, defect)
        if "--print" in sys.argv:
            print(f"    {surface!r}: {[round(float(v), 1) for v in found]},")
        elif not np.allclose(found, EXPECTED[surface], atol=0.6):
            failures.append(f"{surface} with {defect}: {found} instead of {EXPECTED[surface]}")

    pair = render_pair(7)
    again = render_pair(7)
    if not (np.array_equal(pair.defective, again.defective) and pair.defect_caption == again.defect_caption):
        failures.append("the same seed drew two different pictures")
    outside = np.abs(pair.clean.astype(int) - pair.defective).max(-1)[~pair.mask]
    if np.percentile(outside, 98) > 12:
        failures.append("a scratch or blob changed the picture far outside its mask")

    canvas, r = Canvas(), np.random.default_rng(0)
    if not (mask_around(canvas, r, pair.mask) | ~pair.mask).all():
        failures.append("the mask around a defect does not contain it")
    if mask_anywhere(canvas, r).shape != canvas.shape:
        failures.append("a mask has another size than its canvas")
    wide = Canvas(320, 240, 2.0)
    for surface in SURFACES:
        picture, _ = render_clean(1, surface, wide)
        if picture.shape != (240, 320, 3) or picture.std() < 1:
            failures.append(f"{surface} is empty or of the wrong size on a wide canvas")
    if not 0.01 < (render_part(3).coverage > 127).mean() < 0.8:
        failures.append("a part fills nothing or everything")

    for failure in failures:
        print(failure)
    print("renderer: FAILED" if failures else "renderer: as trained on")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
