"""One lamp with a fall-off, a highlight, an exposure and sensor noise."""

from typing import NamedTuple

import numpy as np


class Light(NamedTuple):
    azimuth: float
    relief_contrast: float
    falloff_x: float
    falloff_y: float
    falloff: float
    highlight_x: float
    highlight_y: float
    highlight_size: float
    tint: np.ndarray
    exposure: float
    noise: float


def random_light(canvas, r):
    far_x, far_y = canvas.span_x / 128, canvas.span_y / 128
    azimuth = r.uniform(0, 2 * np.pi)
    tint = (1 + 0.035 * r.standard_normal(3)).astype(np.float32)
    falloff = r.uniform(0, 0.25)
    toward = r.uniform(0, 6.28)
    return Light(
        azimuth,
        r.uniform(0.35, 0.8),
        np.cos(toward),
        np.sin(toward),
        falloff,
        r.uniform(-10 * far_x, 138 * far_x),
        r.uniform(-10 * far_y, 138 * far_y),
        r.uniform(25, 70) * max(far_x, far_y),
        tint,
        np.float32(r.uniform(0.78, 1.18)),
        r.uniform(0, 0.012),
    )


def shade(canvas, albedo, relief, shine, light):
    """The lit picture, about 0..1, before noise and clipping."""
    slope_x, slope_y = _slopes(relief, canvas.scale)
    length = np.sqrt(1 + slope_x * slope_x + slope_y * slope_y)
    facing = -(slope_x * np.cos(light.azimuth) + slope_y * np.sin(light.azimuth)) / length
    mid_x, mid_y = canvas.span_x / 2, canvas.span_y / 2
    # In the order of the training data: distances are relative to half the canvas.
    ramp = ((canvas.x - mid_x) * light.falloff_x * (64 / mid_x) + (canvas.y - mid_y) * light.falloff_y * (64 / mid_y)) / 64
    brightness = 1 + light.relief_contrast * facing + light.falloff * ramp
    size = light.highlight_size
    highlight = np.exp(-(((canvas.x - light.highlight_x) / size) ** 2 + ((canvas.y - light.highlight_y) / size) ** 2))
    highlight = highlight * shine * (0.75 + 1.2 * np.clip(facing, -0.6, 0.8))
    return albedo * brightness[..., None] * light.tint * light.exposure + highlight[..., None] * 0.55


def _slopes(relief, scale):
    slope_x, slope_y = np.empty_like(relief), np.empty_like(relief)
    slope_x[:, 1:-1] = (relief[:, 2:] - relief[:, :-2]) * 0.5
    slope_x[:, 0] = relief[:, 1] - relief[:, 0]
    slope_x[:, -1] = relief[:, -1] - relief[:, -2]
    slope_y[1:-1] = (relief[2:] - relief[:-2]) * 0.5
    slope_y[0] = relief[1] - relief[0]
    slope_y[-1] = relief[-1] - relief[-2]
    return slope_x * scale, slope_y * scale
