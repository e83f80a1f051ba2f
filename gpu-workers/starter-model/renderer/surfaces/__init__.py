"""The eight surfaces: each draws itself on a canvas and says its colour, relief and shine."""

from .brushed_metal import brushed_metal
from .ceramic_tile import ceramic_tile
from .circuit_board import circuit_board
from .concrete import concrete
from .fabric import fabric
from .leather import leather
from .painted_metal import painted_metal
from .wood import wood

SURFACES = {
    "brushed metal": brushed_metal,
    "wood": wood,
    "fabric": fabric,
    "leather": leather,
    "concrete": concrete,
    "ceramic tile": ceramic_tile,
    "painted metal": painted_metal,
    "circuit board": circuit_board,
}
