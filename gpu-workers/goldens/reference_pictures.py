"""Draws one case with diffusers: the latents that its pipelines end with, and what its VAE makes of them."""

import dataclasses
from typing import Any

import numpy as np
import torch
from checkpoints import Checkpoint
from diffusers import StableDiffusionImg2ImgPipeline, StableDiffusionInpaintPipeline, StableDiffusionPipeline
from PIL import Image
from reference_samplers import make_scheduler

PROMPT, NEGATIVE = "a photo of brushed steel with a scratch", "low quality, blurry"
LONG_PROMPT = "a photo of brushed steel with a scratch, " * 9 + "rust on the surface"


@dataclasses.dataclass(frozen=True)
class Case:
    model: str
    tool: str
    sampler: str
    steps: int
    guidanceScale: float
    strength: float
    seed: int
    width: int
    height: int


def photo(case: Case) -> Image.Image:
    y, x, c = np.mgrid[0 : case.height, 0 : case.width, 0:3]
    return Image.fromarray(((x * 5 + y * 7 + c * 60) % 256).astype(np.uint8))


def mask(case: Case) -> Image.Image:
    """White from a quarter to four fifths of each side, off the grid of the latents."""
    pixels = np.zeros((case.height, case.width), np.uint8)
    pixels[case.height // 4 : case.height * 4 // 5 + 1, case.width // 4 + 1 : case.width * 4 // 5 - 1] = 255
    return Image.fromarray(pixels)


def embed_in_parts(parts: dict[str, Any], prompt: str, count: int) -> torch.Tensor:
    """Parts of 75 tokens, each between marks, their embeddings one after the other; empty parts fill up."""
    tokenizer, encoder = parts["tokenizer"], parts["text_encoder"]
    ids = tokenizer(prompt, add_special_tokens=False).input_ids
    rows = []
    for i in range(count):
        row = [tokenizer.bos_token_id, *ids[75 * i : 75 * (i + 1)], tokenizer.eos_token_id]
        row += [tokenizer.pad_token_id] * (77 - len(row))
        rows.append(encoder(torch.tensor([row])).last_hidden_state)
    return torch.cat(rows, 1)


def make_pipeline(checkpoint: Checkpoint, tool: str, scheduler: Any) -> Any:
    parts = checkpoint.parts
    # A 9-channel UNet serves the other tools with everything masked, so the picture shows nothing through.
    nine = checkpoint.recipe.channels == 9
    classes = {"text": StableDiffusionPipeline, "image": StableDiffusionImg2ImgPipeline}
    pipe = (StableDiffusionInpaintPipeline if nine else classes.get(tool, StableDiffusionInpaintPipeline))(
        **parts, scheduler=scheduler, safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    pipe.set_progress_bar_config(disable=True)
    return pipe


def draw(checkpoint: Checkpoint, case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Latents [4, h, w] and pixels 0 … 1 [3, H, W], float32."""
    parts = checkpoint.parts
    nine = checkpoint.recipe.channels == 9
    pipe = make_pipeline(checkpoint, case.tool, make_scheduler(case.sampler, checkpoint.recipe.scheduler))
    options: dict[str, Any] = dict(num_inference_steps=case.steps, guidance_scale=case.guidanceScale)
    if nine or case.tool == "inpaint":
        white = Image.new("L", (case.width, case.height), 255)
        options |= dict(image=photo(case), mask_image=mask(case) if case.tool == "inpaint" else white)
    elif case.tool == "image":
        options |= dict(image=photo(case))
    if case.tool != "image" or nine:
        options |= dict(width=case.width, height=case.height)
    if case.tool in ("image", "inpaint") or nine:
        options |= dict(strength=case.strength)
    if case.tool == "long text":
        count = -(-len(parts["tokenizer"](LONG_PROMPT, add_special_tokens=False).input_ids) // 75)
        options |= dict(prompt_embeds=embed_in_parts(parts, LONG_PROMPT, count),
                        negative_prompt_embeds=embed_in_parts(parts, NEGATIVE, count))  # fmt: skip
    else:
        options |= dict(prompt=PROMPT, negative_prompt=NEGATIVE)
    generator = torch.Generator().manual_seed(case.seed)
    latents = pipe(**options, generator=generator, output_type="latent").images
    decoded = pipe.vae.decode(latents / pipe.vae.config.scaling_factor, return_dict=False)[0]
    pixels = pipe.image_processor.postprocess(decoded, output_type="np")[0]
    return latents[0].numpy(), pixels.transpose(2, 0, 1)
