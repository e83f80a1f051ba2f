"""Makes the checkpoint that the bench runs: the layout of Stable Diffusion 1.5 at less than its size, random weights.

    python bench/pipeline/make_checkpoint.py FOLDER

The tokenizer is the small one of the golden tests; what a prompt says does not matter to random weights.
"""

import json
import sys
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

HERE = Path(__file__).resolve().parent
TOKENIZER = HERE.parents[1] / "gpu-workers" / "goldens" / "tiny-sd" / "tokenizer"


def main(folder: Path) -> None:
    config = json.loads((HERE / "bench-unet.json").read_text(encoding="utf-8"))
    torch.manual_seed(config["seed"])
    torch.set_grad_enabled(False)
    tokenizer = CLIPTokenizer.from_pretrained(TOKENIZER, local_files_only=True)
    text = CLIPTextConfig(
        **config["text_encoder"],
        vocab_size=len(tokenizer),
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    pipeline = StableDiffusionPipeline(
        text_encoder=CLIPTextModel(text),
        unet=UNet2DConditionModel(**config["unet"]),
        vae=AutoencoderKL(**config["vae"]),
        tokenizer=tokenizer,
        scheduler=DDIMScheduler(**config["scheduler"]),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
