"""Loose parts lying on a background, with their exact coverage: what the matting net learns to cut out."""

from typing import NamedTuple

import numpy as np

from .canvas import Canvas
from .defects import DEFECTS, paint_defect
from .lighting import random_light, shade
from .shapes import over, smoothstep
from .surfaces import SURFACES

MATERIALS = np.array(
    [
        (0.52, 0.53, 0.55),
        (0.75, 0.76, 0.77),
        (0.70, 0.56, 0.26),
        (0.62, 0.38, 0.26),
        (0.15, 0.15, 0.16),
        (0.70, 0.12, 0.10),
        (0.12, 0.30, 0.60),
    ],
    np.float32,
)


class PartPicture(NamedTuple):
    picture: np.ndarray  # height x width x 3, uint8
    coverage: np.ndarray  # height x width, uint8: 255 where the part is
    part: str


def render_part(seed, canvas=None, part=None, background=None):
    """Draws one part; `background` is a surface's name, "plain", or None for any."""
    canvas = canvas or Canvas()
    r = np.random.default_rng(seed)
    light = random_light(canvas, r)
    ground = _ground(canvas, r, light, background)

    size = min(canvas.span_x, canvas.span_y) / 128
    cx, cy = canvas.span_x / 2 + r.uniform(-18, 18) * size, canvas.span_y / 2 + r.uniform(-18, 18) * size
    radius = r.uniform(24, 46) * size
    u, v = canvas.rotated(r.uniform(0, 2 * np.pi), cx, cy)
    part = part or list(PARTS)[r.integers(len(PARTS))]
    inside = PARTS[part](r, u, v, radius).astype(np.float32)
    coverage = smoothstep(-0.7, 0.7, inside)

    lit = _lit_part(canvas, r, light, inside, u, v, radius)
    shadow = np.roll(
        canvas.blurred(coverage, r.uniform(1.5, 5) * size),
        (int(-3 * size * canvas.scale * np.sin(light.azimuth)), int(-3 * size * canvas.scale * np.cos(light.azimuth))),
        (0, 1),
    )
    ground = ground * (1 - shadow[..., None] * r.uniform(0.1, 0.6))
    noise = r.standard_normal((*canvas.shape, 1), dtype=np.float32) * light.noise
    picture = np.clip(over(ground, lit, coverage) + noise, 0, 1)
    return PartPicture((picture * 255).astype(np.uint8), (coverage * 255).astype(np.uint8), part)


def _ground(canvas, r, light, background):
    chosen = background or ("plain" if r.random() < 0.35 else list(SURFACES)[r.integers(8)])
    if chosen == "plain":
        gray = r.uniform(0.1, 0.95) + 0.03 * r.standard_normal(3)
        albedo = canvas.flat(np.clip(gray, 0.05, 0.97)) * (1 + 0.02 * canvas.soft_noise(r, 25)[..., None])
        relief, shine = canvas.zeros(), 0.1
    else:
        _, albedo, relief, shine = SURFACES[chosen](canvas, r)
    albedo, relief = albedo.astype(np.float32), relief.astype(np.float32)
    if background is None and r.random() < 0.3:
        name = list(DEFECTS)[r.integers(7)]
        albedo, relief, _ = paint_defect(canvas, r, name, albedo, relief, albedo.mean((0, 1)))
    return shade(canvas, albedo, relief, shine, light)


def _lit_part(canvas, r, light, inside, u, v, radius):
    """Metal or plastic with a rounded edge; sometimes turned on a lathe, sometimes brushed."""
    base = MATERIALS[r.integers(len(MATERIALS))] * (1 + 0.15 * r.standard_normal())
    edge = r.uniform(2, 6) * radius / 35
    relief = np.clip(inside, 0, edge) * 0.8
    around = np.arctan2(v, u)
    sheen = 0.12 * np.cos(2 * around + r.uniform(0, 6)) * (r.random() < 0.5)
    tone = 1 + 0.05 * canvas.streaks(r, r.uniform(0, 3.14), 20, 0.5) + sheen + 0.02 * canvas.fractal(r, 0.7)
    relief = relief + 0.1 * canvas.fractal(r, 0.8)
    return shade(canvas, canvas.flat(base) * tone[..., None], relief.astype(np.float32), 0.6, light)


def _washer(r, u, v, radius):
    d = np.hypot(u, v)
    return np.minimum(radius - d, d - radius * r.uniform(0.35, 0.65))


def _hexagon(u, v):
    return np.max([np.abs(u * np.cos(t) + v * np.sin(t)) for t in (0, np.pi / 3, 2 * np.pi / 3)], 0)


def _nut(r, u, v, radius):
    body = radius * 0.8 - _hexagon(u, v)
    return np.minimum(body, np.hypot(u, v) - radius * 0.36) if r.random() < 0.6 else body


def _cap(r, u, v, radius):
    return radius * 0.8 * (1 + 0.05 * np.abs(np.sin(np.arctan2(v, u) * 10.5))) - np.hypot(u, v)


def _bolt(r, u, v, radius):
    half = radius * 0.28
    head = np.minimum(half * 1.9 - np.abs(v), radius * 0.28 - np.abs(u + radius * 0.75))
    pitch = radius / 12
    thread = half * (1 + 0.10 * (2 * np.abs(u / pitch - np.round(u / pitch)) * 2 - 1))
    shank = np.minimum(thread - np.abs(v), np.minimum(u + radius * 0.6, radius * 1.05 - u))
    return np.maximum(head, shank)


def _gear(r, u, v, radius):
    teeth = np.clip(np.sin(np.arctan2(v, u) * r.integers(8, 16)) * 4, -1, 1)
    d = np.hypot(u, v)
    return np.minimum(radius * 0.8 + radius * 0.09 * teeth - d, d - radius * 0.25)


def _bracket(r, u, v, radius):
    plate = radius * 0.75 - np.maximum(np.abs(u) * r.uniform(0.55, 1), np.abs(v))
    return np.minimum(plate, np.hypot(np.abs(u) - radius * 0.4, v) - radius * 0.16)


PARTS = {"washer": _washer, "nut": _nut, "cap": _cap, "bolt": _bolt, "gear": _gear, "bracket": _bracket}
