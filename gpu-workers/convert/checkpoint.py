"""Loads the networks of a checkpoint, one at a time: together they may not fit into memory."""

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from transformers import CLIPTextModel

from .checkpoint_folder import SERVED, read_json, weight_variant
from .refusal import ConversionRefused

Vae = AutoencoderKL | AutoencoderTiny
SERVED_VAES: dict[str, type[Vae]] = {"AutoencoderKL": AutoencoderKL, "AutoencoderTiny": AutoencoderTiny}
# What a UNet may want beside sample, timestep and text; none of the checkpoints served here has one.
EXTRA_INPUTS = ("addition_embed_type", "class_embed_type", "encoder_hid_dim_type", "time_cond_proj_dim")


def load_text_encoder(checkpoint: Path) -> CLIPTextModel:
    # "eager": PyTorch's exporter writes its other attention with float32 constants among float16 numbers.
    options = {"dtype": torch.float32, "attn_implementation": "eager", **only_safetensors(checkpoint / "text_encoder")}
    return CLIPTextModel.from_pretrained(checkpoint / "text_encoder", **options).eval()


def load_unet(checkpoint: Path) -> UNet2DConditionModel:
    options = {"torch_dtype": torch.float32, **only_safetensors(checkpoint / "unet")}
    model = UNet2DConditionModel.from_pretrained(checkpoint / "unet", **options).eval()
    for name in EXTRA_INPUTS:
        if model.config.get(name) is not None:
            raise ConversionRefused(
                f"The UNet of {checkpoint} wants more than sample, timestep and text ({name}). {SERVED}"
            )
    if model.config.in_channels not in (4, 9):
        raise ConversionRefused(
            f"The UNet of {checkpoint} takes {model.config.in_channels} channels; 4 and 9 are served."
        )
    return model


def load_vae(checkpoint: Path) -> Vae:
    made_of = read_json(checkpoint / "vae" / "config.json").get("_class_name", "AutoencoderKL")
    if made_of not in SERVED_VAES:
        raise ConversionRefused(f"The VAE of {checkpoint} is a {made_of}; {' and '.join(SERVED_VAES)} are served.")
    options = {"torch_dtype": torch.float32, **only_safetensors(checkpoint / "vae")}
    return SERVED_VAES[made_of].from_pretrained(checkpoint / "vae", **options).eval()


def only_safetensors(component: Path) -> dict[str, Any]:
    """Never from the network, never a pickle."""
    return {"use_safetensors": True, "local_files_only": True, "variant": weight_variant(component)}
