"""Keeps captions honest: a defect that is named must be seen.

On dark or busy material a dent or a stain can vanish. Its change of the light is then strengthened until it
stands out; where the defect lies, and so its mask, stays the same.
"""

import numpy as np

LEAST_CHANGE = 0.075  # mean change inside the mask, of the full range
LEAST_OF_TEXTURE = 0.6  # the same, of the good part's own deviation
MOST_GAIN = 3.0  # a round


def make_visible(clean, damaged, inside):
    """The lit defective picture, strengthened where needed; pictures about 0..1, `inside` is the mask."""
    if not inside.any():
        return damaged
    shown = np.clip(clean, 0, 1)
    needed = max(LEAST_CHANGE, LEAST_OF_TEXTURE * float(shown.mean(-1).std()))
    for _ in range(3):
        change = float(np.abs(np.clip(damaged, 0, 1) - shown)[inside].mean())
        if change >= needed:
            break
        damaged = clean + (damaged - clean) * min(MOST_GAIN, 1.05 * needed / max(change, 1e-3))
    return damaged
