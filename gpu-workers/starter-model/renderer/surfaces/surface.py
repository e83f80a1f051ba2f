"""What a drawn surface is, before light falls on it."""

from typing import NamedTuple

import numpy as np


class Surface(NamedTuple):
    colour: str  # the word captions use
    albedo: np.ndarray  # height x width x 3, about 0..1
    relief: np.ndarray  # height x width, in units; what lighting slopes come from
    shine: float  # strength of the highlight
