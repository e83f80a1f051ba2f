"""Exports the dual encoder in the layout that CLIP exports have: two ONNX files, a tokenizer, a preprocessor config."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from dual_encoder import DualEncoder, unit
from export_onnx import store_in_half
from make_tokenizer import write_configs
from networks import SIDE


class Image(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, pixel_values):
        return unit(self.net.image(pixel_values)[0])


class Text(Image):
    def forward(self, input_ids):
        return unit(self.net.text(input_ids))


def export(net: DualEncoder, tokenizer: Path, phrases: dict, report: dict, out: Path):
    net = net.eval().to(memory_format=torch.contiguous_format)
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    ids = torch.randint(0, 500, (2, 77))
    pixels = torch.rand(2, 3, SIDE, SIDE) * 2 - 1
    for name, module, given, axes in [
        ("vision_model", Image(net), {"pixel_values": pixels}, {0: "batch"}),
        ("text_model", Text(net), {"input_ids": ids}, {0: "batch", 1: "sequence"}),
    ]:
        module.eval()
        file = out / "onnx" / f"{name}.onnx"
        output = "image_embeds" if name == "vision_model" else "text_embeds"
        torch.onnx.export(
            module,
            tuple(given.values()),
            str(file),
            input_names=list(given),
            output_names=[output],
            dynamic_axes={next(iter(given)): axes, output: {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        store_in_half(str(file))
        with torch.no_grad():
            reference = module(*given.values()).numpy()
        found = onnxruntime.InferenceSession(str(file)).run(None, {k: v.numpy() for k, v in given.items()})[0]
        difference = np.abs(found - reference).max()
        print(f"{name}: {file.stat().st_size / 1e6:.2f} MB, largest difference {difference:.1e}")
        if difference > 0.01:
            raise SystemExit(f"{name}: ONNX Runtime does not agree with PyTorch.")
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(tokenizer / name, out / name)
    write_configs(out)
    write(out / "config.json", {"task": "image-text", "model_type": "starter-dual-encoder", "logit_scale": round(net.scale().item(), 3)})
    half = [0.5] * 3
    size = {"height": SIDE, "width": SIDE}
    write(
        out / "preprocessor_config.json",
        {"do_resize": True, "size": size, "resample": 3, "do_center_crop": False, "do_rescale": True,
         "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": half, "image_std": half},
    )
    about = {
        "title": "Starter phrases",
        "licence": "Apache-2.0",
        "note": "Knows the renderer's materials, colours, defects, light and camera by its own phrases, and no other words.",
    }
    write(out / "about.json", about)
    write(out / "phrases.json", phrases)
    write(out / "training.json", report)


def write(file, value):
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
