"""Draws what the starter bench judges on: pairs, masks and parts whose seeds nothing was trained or tuned on.

    python bench_renders.py OUT [--count 224]

Writes plain bytes, so that the bench reads them without Python: clean.bin and defective.bin [n, 128, 128, 3],
mask.bin (a person's mask around the defect, 0 or 255) [n, 128, 128], parts.bin [n, 160, 160, 3], coverage.bin
[n, 160, 160] and index.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from renderer import DEFECTS, SURFACES, render_pair
from renderer.canvas import Canvas
from renderer.captions import DEFECT_WORDS
from renderer.masks import mask_around
from renderer.parts import render_part

PAIR_SEED, PART_SEED = 23_000_000, 24_000_000
PART_SIDE = 160


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out", type=Path)
    p.add_argument("--count", type=int, default=224, help="a multiple of 56 shows every defect on every surface equally")
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    canvas, part_canvas = Canvas(), Canvas(PART_SIDE, PART_SIDE, PART_SIDE / 128)
    surfaces, defects = list(SURFACES), list(DEFECTS)
    pairs = [render_pair(PAIR_SEED + i, surfaces[i % 8], defects[i // 8 % 7], canvas) for i in range(a.count)]
    masks = [mask_around(canvas, np.random.default_rng(PAIR_SEED + i), p.mask) for i, p in enumerate(pairs)]
    parts = [render_part(PART_SEED + i, part_canvas) for i in range(a.count)]
    for name, pictures in {
        "clean": [p.clean for p in pairs],
        "defective": [p.defective for p in pairs],
        "mask": [m.astype(np.uint8) * 255 for m in masks],
        "parts": [p.picture for p in parts],
        "coverage": [p.coverage for p in parts],
    }.items():
        (a.out / f"{name}.bin").write_bytes(np.stack(pictures).tobytes())
    described = [
        {"surface": p.surface, "colour": p.colour, "defect": p.defect, "words": DEFECT_WORDS[p.defect][0]} for p in pairs
    ]
    index = {"side": canvas.width, "partSide": PART_SIDE, "surfaces": surfaces, "defects": defects, "pairs": described}
    (a.out / "index.json").write_text(json.dumps(index) + "\n")


if __name__ == "__main__":
    main()
