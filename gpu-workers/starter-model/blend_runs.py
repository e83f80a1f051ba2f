"""Blends two checkpoints of one training run into one: their weights' mean, as in model soups (arXiv:2203.05482).

    python blend_runs.py --first RUN --second RUN --share 0.35 --out RUN

`--share` is the second's part. What one checkpoint learned at the cost of another thing is often kept by the blend
together with that other thing.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTextModel


@torch.no_grad()
def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--first", type=Path, required=True)
    p.add_argument("--second", type=Path, required=True)
    p.add_argument("--share", type=float, default=0.5)
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    for kind, name in ((UNet2DConditionModel, "unet"), (CLIPTextModel, "text_encoder")):
        blend, second = kind.from_pretrained(a.first / name), kind.from_pretrained(a.second / name)
        for one, other in zip(blend.parameters(), second.parameters()):
            one.lerp_(other, a.share)
        blend.save_pretrained(a.out / name)
    for name in ("tokenizer", "scheduler"):
        shutil.copytree(a.second / name, a.out / name, dirs_exist_ok=True)
    progress = json.loads((a.second / "progress.json").read_text())
    first = json.loads((a.first / "progress.json").read_text())
    (a.out / "progress.json").write_text(json.dumps(progress | {"blended_with": first, "share": a.share}) + "\n")


if __name__ == "__main__":
    main()
