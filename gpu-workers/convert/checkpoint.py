"""Opens a checkpoint folder piece by piece, after looking at what it is: weights from safetensors, nothing pickled."""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from transformers import CLIPTextModel

from .refusal import ConversionRefused

Vae = AutoencoderKL | AutoencoderTiny
COMPONENTS = ("text_encoder", "unet", "vae")
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
SERVED_VAES: dict[str, type[Vae]] = {"AutoencoderKL": AutoencoderKL, "AutoencoderTiny": AutoencoderTiny}
# What a UNet may want beside sample, timestep and text; none of the checkpoints served here has one.
EXTRA_INPUTS = ("addition_embed_type", "class_embed_type", "encoder_hid_dim_type", "time_cond_proj_dim")


class Checkpoint:
    """A folder that was looked at. Its networks are loaded one at a time: together they may not fit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = check_folder(folder)

    def text_encoder(self) -> CLIPTextModel:
        # "eager": PyTorch's exporter writes its other attention with float32 constants among float16 numbers.
        options = {**self._loading("text_encoder"), "attn_implementation": "eager"}
        return CLIPTextModel.from_pretrained(self.folder / "text_encoder", **options).eval()

    def unet(self) -> UNet2DConditionModel:
        model = UNet2DConditionModel.from_pretrained(self.folder / "unet", **self._loading("unet")).eval()
        for name in EXTRA_INPUTS:
            if model.config.get(name) is not None:
                raise ConversionRefused(
                    f"The UNet of {self.folder} wants more than sample, timestep and text ({name}). "
                    "Stable Diffusion 1.4, 1.5, 2, 2.1 and their inpainting versions are served."
                )
        if model.config.in_channels not in (4, 9):
            raise ConversionRefused(
                f"The UNet of {self.folder} takes {model.config.in_channels} channels; 4 and 9 are served."
            )
        return model

    def vae(self) -> Vae:
        made_of = read_json(self.folder / "vae" / "config.json").get("_class_name", "AutoencoderKL")
        if made_of not in SERVED_VAES:
            raise ConversionRefused(
                f"The VAE of {self.folder} is a {made_of}; {' and '.join(SERVED_VAES)} are served."
            )
        return SERVED_VAES[made_of].from_pretrained(self.folder / "vae", **self._loading("vae")).eval()

    def _loading(self, component: str) -> dict[str, Any]:
        """Float32 whatever the file holds; never from the network, never a pickle."""
        variant = weight_variant(self.folder / component)
        options = {"torch_dtype" if component != "text_encoder" else "dtype": torch.float32}
        return {**options, "use_safetensors": True, "local_files_only": True, "variant": variant}


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
        raise ConversionRefused(
            f"{folder} is a {made_for or 'pipeline without a name'}. Stable Diffusion 1.4, 1.5, 2, 2.1 and their "
            "inpainting versions are served."
        )
    for component in COMPONENTS:
        check_component(folder / component)
    for needed in ("scheduler/scheduler_config.json", "tokenizer"):
        if not (folder / needed).exists():
            raise ConversionRefused(f"{folder} has no {needed}. Copy the whole checkpoint again.")
    return index


def check_component(folder: Path) -> None:
    """A network's folder must have a config and weights as safetensors."""
    if not (folder / "config.json").is_file():
        raise ConversionRefused(f"{folder} has no config.json. Copy the whole checkpoint again.")
    if any(folder.glob("*.safetensors")):
        return
    pickled = sorted(file.name for file in folder.iterdir() if file.suffix in PICKLED)
    if pickled:
        raise ConversionRefused(
            f"{folder} holds its weights as {pickled[0]}, a pickle: opening it would run whatever code it contains. "
            "Take the safetensors version of this checkpoint."
        )
    raise ConversionRefused(f"{folder} has no weights (*.safetensors). Copy the whole checkpoint again.")


def weight_variant(folder: Path) -> str | None:
    """None for `model.safetensors`; else the name between, as "fp16" of `model.fp16.safetensors`."""
    names = [file.name.removesuffix(".safetensors") for file in folder.glob("*.safetensors")]
    plain = [name for name in names if "." not in name]
    return None if plain else names[0].rsplit(".", 1)[1]


def read_json(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConversionRefused(f"{file} is no JSON ({error}). Copy the whole checkpoint again.") from error
    if not isinstance(value, dict):
        raise ConversionRefused(f"{file} holds no JSON object. Copy the whole checkpoint again.")
    return value
