"""Draws the training data: pairs of a good and a defective part, masks and captions.

    python make_pairs.py --pairs 14000 --out ~/.cache/defect-studio/starter-model/data

Seed i draws pair i; its masks come from seed i + 1,000,000. What is there already is kept.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from renderer import render_pair
from renderer.canvas import Canvas
from renderer.masks import mask_anywhere, mask_around

CHUNK = 250
MASK_SEED = 1_000_000


def draw_chunk(first, folder):
    file = folder / f"pairs-{first:06d}.npz"
    captions = folder / f"pairs-{first:06d}.json"
    if file.exists() and captions.exists():
        return file.name
    canvas = Canvas()
    pairs = [render_pair(seed, canvas=canvas) for seed in range(first, first + CHUNK)]
    around, anywhere = [], []
    for seed, pair in zip(range(first, first + CHUNK), pairs):
        r = np.random.default_rng(seed + MASK_SEED)
        around.append(mask_around(canvas, r, pair.mask))
        anywhere.append(mask_anywhere(canvas, r))
    captions.write_text(json.dumps([[p.clean_caption, p.defect_caption] for p in pairs]))
    unfinished = folder / f"unfinished-{first}.npz"
    np.savez(
        unfinished,
        clean=np.stack([p.clean for p in pairs]),
        defective=np.stack([p.defective for p in pairs]),
        mask=np.packbits(np.stack([p.mask for p in pairs]), -1),
        around=np.packbits(np.stack(around), -1),
        anywhere=np.packbits(np.stack(anywhere), -1),
    )
    unfinished.rename(file)
    return file.name


class Pairs:
    """The drawn pairs, chunk by chunk, so that a trainer holds only what it looks at."""

    def __init__(self, folder):
        self.files = sorted(Path(folder).glob("pairs-*.npz"))
        self.captions = [c for f in self.files for c in json.loads(f.with_suffix(".json").read_text())]

    def load(self, names):
        """The named arrays of all chunks, one after the other."""
        chunks = [np.load(f) for f in self.files]
        return [np.concatenate([c[name] for c in chunks]) for name in names]

    def chunk(self, index):
        found = dict(np.load(self.files[index]))
        for name in ("mask", "around", "anywhere"):
            found[name] = np.unpackbits(found[name], axis=-1).astype(bool)
        return found


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pairs", type=int, default=14_000)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--workers", type=int, default=2)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    firsts = range(0, a.pairs, CHUNK)
    with ProcessPoolExecutor(a.workers) as pool:
        for name in pool.map(draw_chunk, firsts, [a.out] * len(firsts)):
            print(name, flush=True)


if __name__ == "__main__":
    main()
