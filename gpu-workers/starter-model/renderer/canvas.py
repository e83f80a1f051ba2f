"""Where a picture is drawn: its coordinates and the noises that fill it.

Lengths are in texture units, not pixels: at scale 1 a unit is a pixel and the training pictures are
128 units wide. A larger picture at the same scale shows more of the surface; a larger scale shows the
same surface closer. All noises have mean 0 and standard deviation 1 over the canvas.
"""

import numpy as np

TWO_PI_SQUARED = 19.7  # as the trained weights' data used it; 2 * pi**2 is 19.739


def normalise(field):
    field = field - field.mean()
    return field / (field.std() + 1e-6)


class Canvas:
    def __init__(self, width=128, height=None, scale=1.0):
        self.width, self.height, self.scale = width, height or width, scale
        y, x = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        self.x, self.y = x / np.float32(scale), y / np.float32(scale)
        self.span_x, self.span_y = self.width / scale, self.height / scale
        self.fy = (np.fft.fftfreq(self.height) * scale).astype(np.float32)[:, None]
        self.fx = (np.fft.rfftfreq(self.width) * scale).astype(np.float32)[None, :]
        self.frequency = np.sqrt(self.fx * self.fx + self.fy * self.fy) + 1e-6

    @property
    def shape(self):
        return self.height, self.width

    def zeros(self):
        return np.zeros(self.shape, np.float32)

    def flat(self, colour):
        """The whole canvas in one colour."""
        return np.broadcast_to(np.asarray(colour, np.float32), (*self.shape, 3)).copy()

    def rotated(self, angle, cx=None, cy=None):
        """Coordinates along and across a direction, seen from (cx, cy), by default the middle."""
        cx = self.span_x / 2 if cx is None else cx
        cy = self.span_y / 2 if cy is None else cy
        c, s = np.cos(angle), np.sin(angle)
        return (self.x - cx) * c + (self.y - cy) * s, -(self.x - cx) * s + (self.y - cy) * c

    def _inverse(self, spectrum):
        return np.fft.irfft2(spectrum, s=self.shape).astype(np.float32)

    def _filtered(self, r, response):
        white = r.standard_normal(self.shape, dtype=np.float32)
        if self.scale > 1:
            # A closer look must not bring grain finer than the surface was designed with.
            response = response * np.exp(-((self.frequency / 0.72) ** 6))
        return normalise(self._inverse(np.fft.rfft2(white) * response))

    def fractal(self, r, beta=1.0):
        """Noise whose amplitude falls as frequency**-beta."""
        response = self.frequency ** (-beta)
        response[0, 0] = 0
        return self._filtered(r, response)

    def soft_noise(self, r, size):
        """Blobs of about `size` units."""
        return self._filtered(r, np.exp(-((self.frequency * size) ** 2) * 9.87 * 2 / 2))

    def streaks(self, r, angle, along, across):
        """Noise drawn out along a direction, as brushing or wood grain does."""
        c, s = np.cos(angle), np.sin(angle)
        u, v = self.fx * c + self.fy * s, -self.fx * s + self.fy * c
        return self._filtered(
            r, np.exp(-((u * along) ** 2) * TWO_PI_SQUARED / 2 - (v * across) ** 2 * TWO_PI_SQUARED / 2)
        )

    def blurred(self, field, size):
        return self._inverse(np.fft.rfft2(field) * np.exp(-((self.frequency * size) ** 2) * TWO_PI_SQUARED / 2))
