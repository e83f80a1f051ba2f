"""Writes random.json: what torch.Generator gives, for the test of runtime/random.ts.

usage: python random_numbers.py   (writes beside itself)
Long draws are kept as their first and last 32 numbers and a checksum of the bits, which keeps the file small.
"""

import json
import pathlib
import zlib

import torch

SEEDS = [0, 1, 42, 1234567, 2**31, 2**32 - 1]
COUNTS = [1, 5, 15, 16, 17, 31, 64, 4096, 16384]
# Every size on both sides of 16, where PyTorch changes its method, at the last seeds that it does not cut; and a large odd one.
EDGE_SEEDS = [2**32 - 3, 2**32 - 2]
EDGE_COUNTS = [*range(1, 19), 100_003]


def kept(values):
    flat = values.flatten().tolist()
    return flat if len(flat) <= 64 else flat[:32] + flat[-32:]


def draw(seed, count):
    generator = torch.Generator().manual_seed(seed)
    uniform = torch.rand(count, generator=generator)
    generator = torch.Generator().manual_seed(seed)
    normal = torch.randn(count, generator=generator)
    return {
        "seed": seed,
        "count": count,
        "uniform": kept(uniform),
        "uniformCrc32": zlib.crc32(uniform.numpy().tobytes()),
        "normal": kept(normal),
        "normalCrc32": zlib.crc32(normal.numpy().tobytes()),
    }


def sequence():
    """Draws that follow one another: short ones keep half a pair, long ones do not touch it."""
    generator = torch.Generator().manual_seed(7)
    return [{"count": n, "normal": torch.randn(n, generator=generator).tolist()} for n in [3, 20, 1, 4, 16, 2]]



def short(value):
    """Nine digits hold a float32 whole."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [short(v) for v in value]
    return {k: short(v) for k, v in value.items()} if isinstance(value, dict) else value


out = {
    "draws": [
        *(draw(s, n) for s in SEEDS for n in COUNTS),
        *(draw(s, n) for s in EDGE_SEEDS for n in EDGE_COUNTS),
    ],
    "sequence": sequence(),
}
pathlib.Path(__file__).with_name("random.json").write_text(json.dumps(short(out)))
