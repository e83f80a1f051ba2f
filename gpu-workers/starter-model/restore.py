"""Takes exported weights back into PyTorch folders, so that training can go on from what is committed.

    python restore.py --weights weights/starter --cache ~/.cache/defect-studio/starter-model

Then run train.py: it encodes the pictures with the restored VAE and trains the UNet further. The weights come
back in half precision, without the optimizers' memory.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import CLIPTextConfig, CLIPTextModel

from networks import make_schedule, make_unet, make_vae


def exported_weights(file):
    """Weights by their PyTorch names; export_onnx.py puts `model.` before and `_half` after them."""
    found = {}
    for initializer in onnx.load(file).graph.initializer:
        name = initializer.name.removesuffix("_half").removeprefix("model.")
        found[name] = torch.from_numpy(numpy_helper.to_array(initializer).astype(np.float32))
    return found


def load(module, weights):
    missing = [name for name in module.load_state_dict(weights, strict=False).missing_keys if "position_ids" not in name]
    if missing:
        raise SystemExit(f"The export lacks {missing[:3]}: it was not made by export_onnx.py.")
    return module


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--weights", type=Path, default=Path(__file__).parent / "weights" / "starter")
    p.add_argument("--cache", type=Path, default=Path.home() / ".cache/defect-studio/starter-model")
    a = p.parse_args()
    run, vae_folder = a.cache / "unet", a.cache / "vae"
    if (run / "checkpoint.pt").exists() or (vae_folder / "checkpoint.pt").exists():
        raise SystemExit(f"{a.cache} holds checkpoints, which are better than the export; move them away first.")
    trained = json.loads((a.weights / "training.json").read_text())

    both = exported_weights(a.weights / "vae_encoder" / "model.onnx")
    both |= exported_weights(a.weights / "vae_decoder" / "model.onnx")
    load(make_vae(), both).save_pretrained(vae_folder)
    (vae_folder / "report.json").write_text(json.dumps(trained["vae"]) + "\n")

    load(make_unet(), exported_weights(a.weights / "unet" / "model.onnx")).save_pretrained(run / "unet")
    config = CLIPTextConfig.from_pretrained(a.weights / "text_encoder")
    text_encoder = load(CLIPTextModel(config), exported_weights(a.weights / "text_encoder" / "model.onnx"))
    text_encoder.save_pretrained(run / "text_encoder")
    make_schedule().save_pretrained(run / "scheduler")
    shutil.copytree(a.weights / "tokenizer", run / "tokenizer", dirs_exist_ok=True)
    (run / "progress.json").write_text(json.dumps(trained["unet"]) + "\n")
    print(f"restored to {a.cache}")


if __name__ == "__main__":
    main()
