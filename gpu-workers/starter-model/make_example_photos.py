"""Draws the pictures in examples/: photos of good parts, and parts on a background.

    python make_example_photos.py [FOLDER, by default ../../examples]
"""

import io
import sys
from pathlib import Path

from PIL import Image

from renderer import render_clean
from renderer.canvas import Canvas
from renderer.parts import render_part

MAX_BYTES = 100_000
# Chosen by eye from many seeds: surface -> seeds.
PHOTOS = {
    "brushed metal": [5001, 5005, 5006],
    "wood": [5100, 5104, 5106],
    "fabric": [5200, 5204],
    "leather": [5301, 5304],
    "concrete": [5402, 5404, 5401],
    "ceramic tile": [5501, 5505],
    "painted metal": [5601, 5602, 5606],
    "circuit board": [5704, 5706],
}
PARTS = [("washer", "wood", 7101), ("bolt", "plain", 7114), ("gear", "concrete", 7103)]


def save(picture, path):
    """As JPEG, quality 92 or the best below the size limit."""
    for quality in range(92, 60, -4):
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=quality, subsampling=0 if quality > 88 else 2)
        if file.tell() <= MAX_BYTES:
            break
    path.write_bytes(file.getvalue())
    print(f"{path.name}  {picture.shape[1]}x{picture.shape[0]}  {file.tell() / 1000:.0f} kB  quality {quality}")


def main(folder):
    photos, parts = folder / "photos", folder / "photos-parts"
    photos.mkdir(parents=True, exist_ok=True)
    parts.mkdir(parents=True, exist_ok=True)
    square, wide = Canvas(512, 512, 2.0), Canvas(640, 480, 2.0)
    for surface, seeds in PHOTOS.items():
        for i, seed in enumerate(seeds):
            picture, _ = render_clean(seed, surface, wide if i == 1 else square)
            save(picture, photos / f"{surface.replace(' ', '-')}-{i + 1:02d}.jpg")
    for part, background, seed in PARTS:
        picture = render_part(seed, Canvas(512, 512, 2.0), part, background).picture
        save(picture, parts / f"{part}-on-{background}.jpg")


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent.parent / "examples")
