"""Exports the trained networks as a Stable Diffusion ONNX folder, and checks ONNX Runtime against PyTorch.

    python export_onnx.py --run ~/.cache/defect-studio/starter-model/unet --vae .../vae --out weights/starter

Weights are stored in half precision and cast to float32 when the file is loaded, so that they take half the
room and still run in float32 on a CPU.
"""

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from onnx import TensorProto, helper, numpy_helper
from transformers import CLIPTextModel, CLIPTokenizer

sys.path.append(str(Path(__file__).resolve().parent.parent))

from convert.fused_attention import FusedAttention
from make_tokenizer import write_configs
from networks import FEATURES, LATENT_CHANNELS, LATENT_SIDE, SIDE, TOKENS, make_schedule

SMALLEST_HALVED = 64  # elements; smaller constants stay in float32


class Unet(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, encoder_hidden_states):
        return self.model(sample, timestep, encoder_hidden_states, return_dict=False)[0]


class VaeEncoder(Unet):
    def forward(self, sample):
        return self.model.encode(sample, return_dict=False)[0]


class VaeDecoder(Unet):
    def forward(self, latent_sample):
        return self.model.decode(latent_sample, return_dict=False)[0]


class TextEncoder(Unet):
    def forward(self, input_ids):
        return self.model(input_ids=input_ids).last_hidden_state


def image_axes(name):
    return {name: {0: "batch", 2: "height", 3: "width"}}


def parts(unet, text_encoder, vae):
    """Name -> (module, example inputs by name, output name, dynamic axes)."""
    latents = torch.randn(2, 2 * LATENT_CHANNELS + 1, LATENT_SIDE, LATENT_SIDE)
    text = torch.randn(2, TOKENS, FEATURES)
    return {
        "unet": (
            Unet(unet),
            {"sample": latents, "timestep": torch.tensor([500]), "encoder_hidden_states": text},
            "out_sample",
            image_axes("sample") | image_axes("out_sample") | {"encoder_hidden_states": {0: "batch", 1: "sequence"}},
        ),
        "text_encoder": (
            TextEncoder(text_encoder),
            {"input_ids": torch.randint(0, 500, (1, TOKENS))},
            "last_hidden_state",
            {"input_ids": {0: "batch"}, "last_hidden_state": {0: "batch"}},
        ),
        "vae_encoder": (
            VaeEncoder(vae),
            {"sample": torch.rand(1, 3, SIDE, SIDE) * 2 - 1},
            "latent_sample",
            image_axes("sample") | image_axes("latent_sample"),
        ),
        "vae_decoder": (
            VaeDecoder(vae),
            {"latent_sample": torch.randn(1, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE)},
            "sample",
            image_axes("latent_sample") | image_axes("sample"),
        ),
    }


def store_in_half(file):
    """Rewrites a float32 model so that its larger weights are float16 behind a Cast."""
    model = onnx.load(file)
    graph, casts = model.graph, []
    for initializer in graph.initializer:
        values = numpy_helper.to_array(initializer)
        if initializer.data_type != TensorProto.FLOAT or values.size < SMALLEST_HALVED:
            continue
        name = initializer.name
        initializer.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], name=name + "_cast", to=TensorProto.FLOAT))
    for i, cast in enumerate(casts):
        graph.node.insert(i, cast)
    onnx.checker.check_model(model)
    onnx.save(model, file)


def export_part(module, inputs, output, axes, file):
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        str(file),
        input_names=list(inputs),
        output_names=[output],
        dynamic_axes=axes,
        opset_version=17,
        custom_opsets={"com.microsoft": 1},
        dynamo=False,
        # Unfolded, each weight keeps its name, so that training can go on from these files; ONNX Runtime folds
        # the transpositions when it loads them.
        do_constant_folding=False,
    )
    store_in_half(str(file))


def compare(name, module, inputs, file):
    """Largest difference to PyTorch relative to its output's deviation, milliseconds, megabytes."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    feeds = {k: v.numpy() for k, v in inputs.items()}
    reference = module(*inputs.values()).numpy()
    found = session.run(None, feeds)[0]
    start = time.time()
    for _ in range(5):
        session.run(None, feeds)
    milliseconds = (time.time() - start) / 5 * 1000
    difference = float(np.abs(found - reference).max() / reference.std())
    size = file.stat().st_size / 1e6
    print(f"{name:13} {size:6.2f} MB  {milliseconds:6.1f} ms  largest difference {difference:.1e} of a deviation")
    if difference > 0.1:
        raise SystemExit(f"{name}: ONNX Runtime does not agree with PyTorch.")
    return {"megabytes": round(size, 2), "milliseconds_two_threads": round(milliseconds, 1), "difference": difference}


def write_json(file, value):
    file.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def clean_config(model):
    config = {k: v for k, v in model.config.items() if k != "_name_or_path"}
    return config | {"_class_name": type(model).__name__}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, required=True)
    p.add_argument("--vae", type=Path, required=True)
    p.add_argument("--out", type=Path, default=Path(__file__).parent / "weights" / "starter")
    a = p.parse_args()
    torch.set_grad_enabled(False)
    torch.manual_seed(0)
    unet = UNet2DConditionModel.from_pretrained(a.run / "unet").eval()
    unet.set_attn_processor(FusedAttention())
    text_encoder = CLIPTextModel.from_pretrained(a.run / "text_encoder").eval()
    vae = AutoencoderTiny.from_pretrained(a.vae).eval()

    report = {}
    for name, (module, inputs, output, axes) in parts(unet, text_encoder, vae).items():
        file = a.out / name / "model.onnx"
        export_part(module, inputs, output, axes, file)
        report[name] = compare(name, module, inputs, file)
    write_json(a.out / "unet" / "config.json", clean_config(unet))
    for half in ("vae_encoder", "vae_decoder"):
        write_json(a.out / half / "config.json", clean_config(vae))
    text_config = json.loads((a.run / "text_encoder" / "config.json").read_text())
    write_json(a.out / "text_encoder" / "config.json", text_config)
    (a.out / "scheduler").mkdir(exist_ok=True)
    make_schedule().save_pretrained(a.out / "scheduler")
    (a.out / "tokenizer").mkdir(exist_ok=True)
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(a.run / "tokenizer" / name, a.out / "tokenizer" / name)
    write_configs(a.out / "tokenizer")
    CLIPTokenizer.from_pretrained(str(a.out / "tokenizer"))
    onnx_part = ["diffusers", "OnnxRuntimeModel"]
    index = {
        "_class_name": "OnnxStableDiffusionInpaintPipeline",
        "feature_extractor": [None, None],
        "safety_checker": [None, None],
        "requires_safety_checker": False,
        "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": onnx_part,
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": onnx_part,
        "vae_decoder": onnx_part,
        "vae_encoder": onnx_part,
    }
    write_json(a.out / "model_index.json", index)
    progress = json.loads((a.run / "progress.json").read_text())
    vae_report = json.loads((a.vae / "report.json").read_text())
    write_json(a.out / "training.json", {"unet": progress, "vae": vae_report, "export": report})
    total = sum(f.stat().st_size for f in a.out.rglob("*") if f.is_file()) / 1e6
    print(f"{total:.2f} MB in {a.out}")
    if total > 20:
        raise SystemExit("The weights are larger than 20 MB.")


if __name__ == "__main__":
    main()
