"""The four networks of an ONNX folder: what each is given, what it answers, which of its sizes are free."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel

from .checkpoint import Vae, load_text_encoder, load_unet, load_vae
from .fused_attention import FusedAttention, FusedPictureAttention
from .text_encoder import LayeredTextEncoder

Feeds = dict[str, torch.Tensor]
PICTURE = {0: "batch", 2: "height", 3: "width"}


@dataclass(frozen=True)
class Part:
    """One network, ready to be exported."""

    name: str
    module: torch.nn.Module
    config: dict[str, Any]
    outputs: list[str]
    axes: dict[str, dict[int, str]]
    """Which axes are free, by input or output name."""
    feeds: Callable[[int], Feeds]
    """Random inputs in float32; another number gives other free sizes."""
    half: bool = False
    """Whether it is to hold, take and give float16; it comes in float32."""
    weights_beside: bool = field(default=False, kw_only=True)
    """Whether the weights go to a file of their own whatever their size."""


class UnetCall(torch.nn.Module):
    def __init__(self, model: UNet2DConditionModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, sample: torch.Tensor, timestep: torch.Tensor, encoder_hidden_states: torch.Tensor
    ) -> torch.Tensor:
        return self.model(sample, timestep, encoder_hidden_states, return_dict=False)[0]


class EncoderCall(torch.nn.Module):
    """Picture −1 … 1 → mean and log variance; of a VAE that knows no variance, the latents."""

    def __init__(self, model: Vae) -> None:
        super().__init__()
        self.model = model

    def forward(self, sample: torch.Tensor) -> torch.Tensor:
        answer = self.model.encode(sample, return_dict=False)[0]
        return answer.parameters if isinstance(self.model, AutoencoderKL) else answer


class DecoderCall(torch.nn.Module):
    def __init__(self, model: Vae) -> None:
        super().__init__()
        self.model = model

    def forward(self, latent_sample: torch.Tensor) -> torch.Tensor:
        return self.model.decode(latent_sample, return_dict=False)[0]


def parts_of(checkpoint: Path, half: bool) -> Iterator[Part]:
    """One part at a time; the caller lets go of it before it asks for the next.

    With `half` the UNet and the text encoder hold and take float16. The VAE stays in float32: it runs once a picture,
    and half-precision VAEs are the ones that turn pictures black.
    """
    yield text_encoder_part(load_text_encoder(checkpoint), half)
    yield unet_part(load_unet(checkpoint), half)
    yield from vae_parts(load_vae(checkpoint))


def text_encoder_part(model: CLIPTextModel, half: bool) -> Part:
    encoder = LayeredTextEncoder(model)
    config = model.config

    def feeds(size: int) -> Feeds:
        return {"input_ids": torch.randint(0, config.vocab_size, (size, config.max_position_embeddings))}

    # 77 tokens: attention is no cost here, and stays as PyTorch writes it.
    axes = {name: {0: "batch"} for name in ("input_ids", *encoder.outputs)}
    return Part("text_encoder", encoder, config.to_dict(), encoder.outputs, axes, feeds, half)


def unet_part(model: UNet2DConditionModel, half: bool) -> Part:
    model.set_attn_processor(FusedAttention())
    config = model.config
    smallest = 2 ** (len(config.block_out_channels) - 1)

    def feeds(size: int) -> Feeds:
        return {
            "sample": torch.randn(size, config.in_channels, smallest * size, smallest * (size + 1)),
            # Float32 in half parts too: some samplers ask for times between whole numbers, up to 999.
            "timestep": torch.tensor([501.25]),
            "encoder_hidden_states": torch.randn(size, 77 * size, config.cross_attention_dim),
        }

    axes = {"sample": PICTURE, "out_sample": PICTURE, "encoder_hidden_states": {0: "batch", 1: "tokens"}}
    return Part("unet", UnetCall(model), dict(config), ["out_sample"], axes, feeds, half, weights_beside=True)


def vae_parts(model: Vae) -> Iterator[Part]:
    if isinstance(model, AutoencoderKL):
        model.set_attn_processor(FusedPictureAttention())
        scale, answer = 2 ** (len(model.config.block_out_channels) - 1), "latent_parameters"
    else:
        scale, answer = 2 ** (len(model.config.encoder_block_out_channels) - 1), "latent_sample"
    config, latents = dict(model.config), model.config.latent_channels

    def pictures(size: int) -> Feeds:
        return {"sample": torch.rand(size, 3, 4 * scale * size, 4 * scale * (size + 1)) * 2 - 1}

    def latent_pictures(size: int) -> Feeds:
        return {"latent_sample": torch.randn(size, latents, 4 * size, 4 * (size + 1))}

    axes = {"sample": PICTURE, answer: PICTURE}
    yield Part("vae_encoder", EncoderCall(model), config, [answer], axes, pictures)
    axes = {"latent_sample": PICTURE, "sample": PICTURE}
    yield Part("vae_decoder", DecoderCall(model), config, ["sample"], axes, latent_pictures)
