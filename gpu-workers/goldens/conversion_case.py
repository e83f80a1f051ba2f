"""Makes a tiny checkpoint as Stable Diffusion 2.1 is built, with random weights, and diffusers' pictures from it.

usage: python conversion_case.py FOLDER   (writes checkpoint/ and expected.json into it)

Nothing of it is kept: convert/conversion.test.ts makes it, converts it and draws the same pictures.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from PIL import Image
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

TOKENIZER = pathlib.Path(__file__).parent / "tiny-sd" / "tokenizer"
WIDTH, HEIGHT = 48, 32
REQUEST = {"prompt": "a photo of brushed steel", "negative_prompt": "blurry", "guidance_scale": 7.5}
STEPS, STRENGTH, SEED = 6, 0.7, 42


def make_parts() -> dict:
    tokenizer = CLIPTokenizer.from_pretrained(TOKENIZER)
    text = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4,
        max_position_embeddings=77, projection_dim=32, hidden_act="gelu", bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    unet = UNet2DConditionModel(
        sample_size=8, layers_per_block=1, block_out_channels=(8, 16), norm_num_groups=4, cross_attention_dim=32,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=[2, 4], use_linear_projection=True, upcast_attention=True,
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=(8, 8, 16, 16), norm_num_groups=4, latent_channels=4, sample_size=64, layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
    )  # fmt: skip
    vae.decoder.conv_out.weight *= 1.5  # random weights give a flat grey; contrast makes a wrong latent visible
    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", prediction_type="v_prediction",
        steps_offset=1,
    )  # fmt: skip
    return dict(
        tokenizer=tokenizer, text_encoder=CLIPTextModel(text).eval(), unet=unet.eval(), vae=vae.eval(),
        scheduler=scheduler, safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip


def photo() -> Image.Image:
    y, x, c = np.mgrid[0:HEIGHT, 0:WIDTH, 0:3]
    return Image.fromarray(((x * 5 + y * 7 + c * 60) % 256).astype(np.uint8))


def numbers(image: np.ndarray) -> str:
    """float32, channel by channel."""
    return base64.b64encode(image.transpose(2, 0, 1).astype("<f4").tobytes()).decode()


def main(folder: pathlib.Path) -> None:
    torch.manual_seed(1)
    torch.set_grad_enabled(False)
    parts = make_parts()
    text = StableDiffusionPipeline(**parts)
    text.save_pretrained(folder / "checkpoint")
    options = {**REQUEST, "num_inference_steps": STEPS, "output_type": "np"}
    seeded = torch.Generator().manual_seed
    drawn = text(**options, width=WIDTH, height=HEIGHT, generator=seeded(SEED)).images[0]
    redrawn = StableDiffusionImg2ImgPipeline(**parts)(
        **options, image=photo(), strength=STRENGTH, generator=seeded(SEED)
    ).images[0]
    expected = {"text": numbers(drawn), "image": numbers(redrawn), "photo": base64.b64encode(photo().tobytes()).decode()}
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
