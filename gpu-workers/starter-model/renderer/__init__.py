"""A procedural renderer of industrial surfaces and their defects, with exact masks. NumPy only."""

from .pair import SURFACES, DEFECTS, Pair, render_clean, render_pair

__all__ = ["SURFACES", "DEFECTS", "Pair", "render_clean", "render_pair"]
