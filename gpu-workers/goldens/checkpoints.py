"""Stable Diffusion checkpoints with random weights: as diffusers' modules, and as ONNX folders with the same weights.

tiny-sd          4-channel UNet, epsilon, AutoencoderKL (f8, exported as mean and log variance), scheduler_config.json
                 as Stable Diffusion 1.5 has it, float timestep
tiny-sd-inpaint  9-channel UNet, v-prediction, AutoencoderTiny (f4, exported as a sample), trailing times, int64 timestep,
                 any number of tokens, so that long prompts are read in parts
tiny-nine        9-channel UNet, epsilon, AutoencoderTiny, float timestep. Not AutoencoderKL: where all is masked, the
                 masked picture is flat, and the norms of random weights make large numbers of its rounding errors
tiny-v           4-channel UNet, v-prediction, DDIM's config, as Stable Diffusion 2.1
middle           4-channel UNet of Stable Diffusion 1's layout with block channels 64, 128, 256, 256; AutoencoderKL
"""

import dataclasses
import json
import pathlib
from collections.abc import Callable
from typing import Any

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from tiny_tokenizer import make_tokenizer
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

SD15_SCHEDULER: dict[str, Any] = {
    "_class_name": "PNDMScheduler",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "clip_sample": False,
    "num_train_timesteps": 1000,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "trained_betas": None,
}
TRAILING_SCHEDULER = {**SD15_SCHEDULER, "prediction_type": "v_prediction", "timestep_spacing": "trailing"}
SD21_SCHEDULER = {**SD15_SCHEDULER, "_class_name": "DDIMScheduler", "prediction_type": "v_prediction"}
WHOLE_TIME, ANY_TIME = torch.tensor(501), torch.tensor([501.0])


@dataclasses.dataclass(frozen=True)
class Recipe:
    seed: int
    channels: int
    scheduler: dict[str, Any]
    # What the export is traced with: int64 makes a UNet that only knows whole times.
    timestep: torch.Tensor
    vae: Callable[[], torch.nn.Module]
    unet: Callable[[int], torch.nn.Module]


@dataclasses.dataclass(frozen=True)
class Checkpoint:
    name: str
    recipe: Recipe
    parts: dict[str, Any]


def make_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    end = tokenizer.eos_token_id
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=77, bos_token_id=tokenizer.bos_token_id, eos_token_id=end, pad_token_id=end,
        projection_dim=32,
    )  # fmt: skip
    return CLIPTextModel(config).eval()


def make_tiny_unet(channels: int) -> torch.nn.Module:
    return UNet2DConditionModel(
        sample_size=8, in_channels=channels, out_channels=4, layers_per_block=1, block_out_channels=(8, 16),
        norm_num_groups=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), cross_attention_dim=32, attention_head_dim=4,
    ).eval()  # fmt: skip


def make_middle_unet(channels: int) -> torch.nn.Module:
    unet = UNet2DConditionModel(
        sample_size=16, in_channels=channels, out_channels=4, layers_per_block=2,
        block_out_channels=(64, 128, 256, 256), cross_attention_dim=32, attention_head_dim=8,
    ).eval()  # fmt: skip
    unet.conv_out.weight *= 3  # random weights answer faintly; what they say shall weigh as in a trained model
    return unet


def make_kl(channels: tuple[int, ...] = (8, 8, 16, 16)) -> torch.nn.Module:
    vae = AutoencoderKL(
        block_out_channels=channels, norm_num_groups=4, latent_channels=4, sample_size=64, layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
    ).eval()  # fmt: skip
    vae.decoder.conv_out.weight *= 1.5  # random weights give a flat grey; contrast makes a wrong latent visible
    return vae


def make_tiny_vae() -> torch.nn.Module:
    vae = AutoencoderTiny(
        encoder_block_out_channels=(16, 16, 16), decoder_block_out_channels=(16, 16, 16),
        num_encoder_blocks=(0, 1, 1), num_decoder_blocks=(1, 1, 0), scaling_factor=1.0,
    ).eval()  # fmt: skip
    vae.decoder.layers[-1].bias += 0.5  # random weights give black
    return vae


def make_middle_vae() -> torch.nn.Module:
    return make_kl((32, 32, 64, 64))


RECIPES = {
    "tiny-sd": Recipe(0, 4, SD15_SCHEDULER, ANY_TIME, make_kl, make_tiny_unet),
    "tiny-sd-inpaint": Recipe(1, 9, TRAILING_SCHEDULER, WHOLE_TIME, make_tiny_vae, make_tiny_unet),
    "tiny-nine": Recipe(2, 9, SD15_SCHEDULER, ANY_TIME, make_tiny_vae, make_tiny_unet),
    "tiny-v": Recipe(3, 4, SD21_SCHEDULER, ANY_TIME, make_kl, make_tiny_unet),
    "middle": Recipe(4, 4, SD15_SCHEDULER, ANY_TIME, make_middle_vae, make_middle_unet),
}


def make_checkpoint(name: str, folder: pathlib.Path) -> Checkpoint:
    """The modules alone; the same weights each time. Writes only the tokenizer into `folder`."""
    recipe = RECIPES[name]
    torch.manual_seed(recipe.seed)
    vae = recipe.vae()
    tokenizer = make_tokenizer(folder / "tokenizer")
    text_encoder, unet = make_text_encoder(tokenizer), recipe.unet(recipe.channels)
    if recipe.timestep is WHOLE_TIME:
        unet.register_forward_pre_hook(cut_time)
    return Checkpoint(name, recipe, dict(vae=vae, text_encoder=text_encoder, tokenizer=tokenizer, unet=unet))


def cut_time(_: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """The UNet as its int64 export knows it: what is behind the point is cut off, as diffusers' ONNX pipelines do.

    A little is forgiven: half of DPM2 a's times are whole but for rounding errors, which must not decide.
    """
    sample, timestep, *others = inputs
    return sample, (timestep + 2**-10).long(), *others


class Wrapped(torch.nn.Module):
    def __init__(self, call: Callable[..., Any], *modules: torch.nn.Module) -> None:
        super().__init__()
        self.call = call
        self.modules_ = torch.nn.ModuleList(modules)

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.call(*inputs)


def export(
    folder: pathlib.Path,
    module: Any,
    call: Callable[..., Any],
    inputs: dict[str, torch.Tensor],
    outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> None:
    folder.mkdir(parents=True)
    torch.onnx.export(
        Wrapped(call, module).eval(), tuple(inputs.values()), folder / "model.onnx", input_names=list(inputs),
        output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    module.save_config(folder) if hasattr(module, "save_config") else module.config.save_pretrained(folder)


def export_checkpoint(checkpoint: Checkpoint, folder: pathlib.Path) -> None:
    """The ONNX folder of the checkpoint; `folder` holds its tokenizer already."""
    parts, channels = checkpoint.parts, checkpoint.recipe.channels
    text_encoder, unet, vae = parts["text_encoder"], parts["unet"], parts["vae"]
    ids = torch.zeros(2, 77, dtype=torch.int64)
    hidden = text_encoder(ids).last_hidden_state
    size = {0: "batch", 2: "height", 3: "width"}
    tokens = {1: "tokens"} if checkpoint.name == "tiny-sd-inpaint" else {}
    export(folder / "text_encoder", text_encoder, lambda i: text_encoder(i, return_dict=False), {"input_ids": ids},
           ["last_hidden_state", "pooler_output"], {"input_ids": {0: "batch"}})  # fmt: skip
    side = unet.config.sample_size
    export(folder / "unet", unet, lambda s, t, e: unet(s, t, e, return_dict=False)[0],
           {"sample": torch.randn(2, channels, side, side), "timestep": checkpoint.recipe.timestep,
            "encoder_hidden_states": hidden},
           ["out_sample"], {"sample": size, "encoder_hidden_states": {0: "batch"} | tokens})  # fmt: skip
    kl = isinstance(vae, AutoencoderKL)
    encode = (lambda x: vae.quant_conv(vae.encoder(x))) if kl else (lambda x: vae.encode(x, return_dict=False)[0])
    export(folder / "vae_encoder", vae, encode, {"sample": torch.rand(1, 3, 64, 64)},
           ["latent_parameters" if kl else "latent_sample"], {"sample": size})  # fmt: skip
    export(folder / "vae_decoder", vae, lambda z: vae.decode(z, return_dict=False)[0],
           {"latent_sample": torch.randn(1, 4, 8, 8)}, ["sample"], {"latent_sample": size})  # fmt: skip
    write_configs(checkpoint, folder)


def write_configs(checkpoint: Checkpoint, folder: pathlib.Path) -> None:
    scheduler = checkpoint.recipe.scheduler
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler, indent=2))
    parts = {"scheduler": scheduler["_class_name"], "tokenizer": "CLIPTokenizer"} | {
        part: "OnnxRuntimeModel" for part in ("text_encoder", "unet", "vae_decoder", "vae_encoder")
    }
    index = {"_class_name": "OnnxStableDiffusionPipeline"} | {k: ["diffusers", v] for k, v in parts.items()}
    (folder / "model_index.json").write_text(json.dumps(index, indent=2))
    about = {"title": checkpoint.name, "licence": "Apache-2.0", "note": "Random weights: for tests only."}
    (folder / "about.json").write_text(json.dumps(about, indent=2))
