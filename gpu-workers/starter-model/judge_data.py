"""Draws what the judge learns from: pairs of a good and a defective part with exact masks, apart from all others.

    python judge_data.py --out ~/.cache/defect-studio/starter-model/judge --pairs 12000

Seeds from 20,000,000 on are the judge's own, from 21,000,000 on they calibrate its thresholds, and from
22,000,000 on they examine it. The generator learns from none of them.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from renderer import DEFECTS, SURFACES, render_pair
from renderer.canvas import Canvas

TRAINING_SEED, CALIBRATION_SEED, EXAMINATION_SEED = 20_000_000, 21_000_000, 22_000_000
STATES = ["clean", *DEFECTS]
SIDE = 128
CHUNK = 250


class Drawn(NamedTuple):
    clean: np.ndarray  # [n, 128, 128, 3] uint8
    defective: np.ndarray  # the same with a defect
    mask: np.ndarray  # [n, 128, 16] uint8, bits packed along the rows
    labels: np.ndarray  # [n, 2]: which of SURFACES, which of STATES the defective one has


def draw(first, count):
    canvas = Canvas()
    pairs = [render_pair(first + i, canvas=canvas) for i in range(count)]
    return Drawn(
        np.stack([p.clean for p in pairs]),
        np.stack([p.defective for p in pairs]),
        np.packbits(np.stack([p.mask for p in pairs]), -1),
        np.array([[list(SURFACES).index(p.surface), STATES.index(p.defect)] for p in pairs]),
    )


def draw_many(first, count, workers=2):
    """The same as draw, by several processes."""
    firsts = range(first, first + count, CHUNK)
    counts = [min(CHUNK, first + count - f) for f in firsts]
    with ProcessPoolExecutor(workers) as pool:
        chunks = list(pool.map(draw, firsts, counts))
    return Drawn(*(np.concatenate(parts) for parts in zip(*chunks)))


def load(folder):
    """The drawn pairs, mapped into memory, so that two trainers share them."""
    return Drawn(*(np.load(Path(folder) / f"{name}.npy", mmap_mode="r") for name in Drawn._fields))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", type=Path, default=Path.home() / ".cache/defect-studio/starter-model/judge")
    p.add_argument("--pairs", type=int, default=12_000)
    p.add_argument("--workers", type=int, default=2)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    if (a.out / "labels.npy").exists():
        return
    for name, values in zip(Drawn._fields, draw_many(TRAINING_SEED, a.pairs, a.workers)):
        np.save(a.out / f"{name}.npy", values)  # labels come last: they say that all is there


if __name__ == "__main__":
    main()
