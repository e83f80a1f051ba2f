"""Looks at a checkpoint folder before anything of it is opened: what it is, and that its weights are safetensors.

Needs nothing but Python itself, so that a folder that is refused is refused at once.
"""

import json
from pathlib import Path
from typing import Any

from .refusal import ConversionRefused

COMPONENTS = ("text_encoder", "unet", "vae")
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
SERVED = "Stable Diffusion 1.4, 1.5, 2, 2.1 and their inpainting versions are served."
COPY_AGAIN = "Copy the whole checkpoint again."


def check_folder(folder: Path) -> dict[str, Any]:
    """Refuses what is no Stable Diffusion folder in diffusers' layout. Returns its model_index.json."""
    if not (folder / "model_index.json").is_file():
        raise ConversionRefused(
            f"{folder} has no model_index.json: it is no checkpoint folder in diffusers' layout. Name the folder that "
            "holds unet, vae, text_encoder, tokenizer and scheduler."
        )
    index = read_json(folder / "model_index.json")
    made_for = str(index.get("_class_name", ""))
    if not made_for.startswith("StableDiffusion") or "XL" in made_for or made_for.startswith("StableDiffusion3"):
        raise ConversionRefused(f"{folder} is a {made_for or 'pipeline without a name'}. {SERVED}")
    for component in COMPONENTS:
        check_component(folder / component)
    for needed in ("scheduler/scheduler_config.json", "tokenizer/vocab.json", "tokenizer/merges.txt"):
        whole_tokenizer = needed.startswith("tokenizer") and (folder / "tokenizer" / "tokenizer.json").is_file()
        if not whole_tokenizer and not (folder / needed).is_file():
            raise ConversionRefused(f"{folder} has no {needed}. {COPY_AGAIN}")
    return index


def check_component(folder: Path) -> None:
    """A network's folder must have a config and whole weights as safetensors."""
    if not (folder / "config.json").is_file():
        raise ConversionRefused(f"{folder} has no config.json. {COPY_AGAIN}")
    weights = sorted(folder.glob("*.safetensors"))
    for file in weights:
        check_whole(file)
    if weights:
        return
    pickled = sorted(file.name for file in folder.iterdir() if file.suffix in PICKLED)
    if pickled:
        raise ConversionRefused(
            f"{folder} holds its weights as {pickled[0]}, a pickle: opening it would run whatever code it contains. "
            "Take the safetensors version of this checkpoint."
        )
    raise ConversionRefused(f"{folder} has no weights (*.safetensors). {COPY_AGAIN}")


def check_whole(file: Path) -> None:
    """A safetensors file is 8 bytes of length, so many of JSON that says where each tensor lies, and the tensors."""
    try:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            size = file.stat().st_size
            header = json.loads(stream.read(min(length, size)))
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        expected = 8 + length + max(ends)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConversionRefused(f"{file} is no safetensors file, or its beginning is damaged. {COPY_AGAIN}") from error
    if size != expected:
        raise ConversionRefused(f"{file} has {size} bytes and should have {expected}: it was cut off. {COPY_AGAIN}")


def weight_variant(folder: Path) -> str | None:
    """None for `model.safetensors`; else the name between, as "fp16" of `model.fp16.safetensors`."""
    names = [file.name.removesuffix(".safetensors") for file in folder.glob("*.safetensors")]
    plain = [name for name in names if "." not in name]
    return None if plain else sorted(names)[0].split(".")[1]


def read_json(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConversionRefused(f"{file} is no JSON ({error}). {COPY_AGAIN}") from error
    if not isinstance(value, dict):
        raise ConversionRefused(f"{file} holds no JSON object. {COPY_AGAIN}")
    return value
