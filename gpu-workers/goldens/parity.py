"""Draws every case of `npm run parity` with diffusers, for our pipeline to be compared with.

usage: python parity.py --out FOLDER [--model NAME …] [--sampler NAME …] [--threads N]

FOLDER/MODEL/onnx/ is the checkpoint as ONNX, FOLDER/MODEL/cases/*.json one case each, and the .bin beside it its final
latents and its pixels (0 … 1, channel by channel), float32. What is there already is kept, unless this folder or a
library's version has changed.
"""

import argparse
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import warnings
from collections.abc import Iterator

import diffusers
import torch
from checkpoints import RECIPES, export_checkpoint, make_checkpoint
from reference_pictures import NEGATIVE, PROMPT, Case, draw
from reference_samplers import SAMPLERS

HERE = pathlib.Path(__file__).parent
SOURCES = ("checkpoints.py", "reference_pictures.py", "reference_samplers.py", "tiny_tokenizer.py")
SIDES = {"middle": (128, 128)}
TINY = (48, 32)


def cases(model: str, samplers: list[str]) -> Iterator[Case]:
    width, height = SIDES.get(model, TINY)
    for tool in ("text", "image", "inpaint"):
        for steps in (1, 7, 20):
            for guidance in (1.0, 7.5):
                # Innermost, so that a run that is stopped has seen every sampler.
                for sampler in samplers:
                    seed = 1000 * list(SAMPLERS).index(sampler) + steps
                    strength = strength_of(tool, steps, guidance)
                    yield Case(model, tool, sampler, steps, guidance, strength, seed, width, height)


def strength_of(tool: str, steps: int, guidance: float) -> float:
    """A single step needs all of it; else the reference has nothing to do, and refuses."""
    if steps == 1 or tool == "text":
        return 1.0
    return 0.6 if tool == "image" else 1.0 if guidance > 1 else 0.7


def stamp() -> str:
    texts = b"".join((HERE / name).read_bytes() for name in SOURCES)
    return f"{hashlib.sha256(texts).hexdigest()[:16]} torch {torch.__version__} diffusers {diffusers.__version__}"


def prepare(folder: pathlib.Path) -> None:
    mark = folder / "made-by.txt"
    if not mark.exists() or mark.read_text() != stamp():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "cases").mkdir(parents=True)
        mark.write_text(stamp())


def draw_model(name: str, folder: pathlib.Path, samplers: list[str]) -> None:
    prepare(folder)
    wanted = {f"{c.sampler}, {c.tool}, {c.steps} steps, {c.guidanceScale}": c for c in cases(name, samplers)}
    missing = {key: c for key, c in wanted.items() if not (folder / "cases" / f"{key}.json").exists()}
    print(f"{name}: {len(wanted)} pictures, {len(missing)} to draw with diffusers", flush=True)
    if not missing:
        return
    making = folder / "making"
    shutil.rmtree(making, ignore_errors=True)
    checkpoint = make_checkpoint(name, making)
    if not (folder / "onnx").exists():
        export_checkpoint(checkpoint, making)
        making.rename(folder / "onnx")
    for i, (key, case) in enumerate(missing.items()):
        latents, pixels = draw(checkpoint, case)
        (folder / "cases" / f"{key}.bin").write_bytes(latents.astype("<f4").tobytes() + pixels.astype("<f4").tobytes())
        about = {**dataclasses.asdict(case), "prompt": PROMPT, "negativePrompt": NEGATIVE}
        written = folder / "cases" / f"{key}.part"
        written.write_text(json.dumps({**about, "latents": latents.size, "pixels": pixels.size}))
        written.rename(folder / "cases" / f"{key}.json")
        if (i + 1) % 54 == 0:
            print(f"{name}: {i + 1} of {len(missing)} drawn", flush=True)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--out", type=pathlib.Path, required=True)
    options.add_argument("--model", action="append", choices=list(RECIPES))
    options.add_argument("--sampler", action="append", choices=list(SAMPLERS))
    options.add_argument("--threads", type=int, default=min(4, os.cpu_count() or 1))
    chosen = options.parse_args()
    torch.set_grad_enabled(False)
    torch.set_num_threads(chosen.threads)
    warnings.filterwarnings("ignore")
    diffusers.utils.logging.set_verbosity_error()
    for name in chosen.model or RECIPES:
        draw_model(name, chosen.out / name, chosen.sampler or list(SAMPLERS))


if __name__ == "__main__":
    main()
