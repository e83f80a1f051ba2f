"""Makes a small random CLIP in the two layouts that ONNX exports have, and what transformers says of it.

usage: python tiny_clip.py   (writes beside itself)
tiny-clip/          as transformers.js splits it: onnx/vision_model.onnx, onnx/text_model.onnx
tiny-clip-whole/    as Optimum exports it: model.onnx with both, a mask, logits before the embeddings
tiny-clip-pooled/   a text encoder without its projection, as a plain CLIPTextModel is exported: to be refused
golden.json         cosines of a photo (photo.png) with texts, from transformers' own processor and model
"""

import json
import pathlib
import shutil

import numpy as np
import torch
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizer

HERE = pathlib.Path(__file__).parent
TOKENIZER = HERE.parent.parent / "goldens" / "tiny-sd" / "tokenizer"
TEXTS = ["brushed metal", "a rusty bolt with a scratch", "", "x " * 200]

torch.manual_seed(0)
torch.set_grad_enabled(False)
tokenizer = CLIPTokenizer.from_pretrained(str(TOKENIZER))
small = dict(hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2)
config = CLIPConfig(
    text_config=dict(**small, vocab_size=len(tokenizer), bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, projection_dim=8),
    vision_config=dict(**small, image_size=32, patch_size=8, projection_dim=8),
    projection_dim=8,
)
model = CLIPModel(config).eval().requires_grad_(False)
for weight in model.parameters():
    weight.mul_(3) if weight.ndim > 1 else weight
processor = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})


def features(found):
    return found if torch.is_tensor(found) else found.pooler_output


class Vision(torch.nn.Module):
    def forward(self, pixel_values):
        return features(model.get_image_features(pixel_values=pixel_values))


class Text(torch.nn.Module):
    def forward(self, input_ids):
        return features(model.get_text_features(input_ids=input_ids))


class Whole(torch.nn.Module):
    def forward(self, input_ids, pixel_values, attention_mask):
        text = features(model.get_text_features(input_ids=input_ids, attention_mask=attention_mask))
        image = features(model.get_image_features(pixel_values=pixel_values))
        text, image = (torch.nn.functional.normalize(x, dim=-1) for x in (text, image))
        return image @ text.T, text @ image.T, text, image


class Pooled(torch.nn.Module):
    def forward(self, input_ids):
        found = model.text_model(input_ids=input_ids)
        return found.last_hidden_state, found.pooler_output


def export(module, file, inputs, outputs):
    file.parent.mkdir(parents=True, exist_ok=True)
    ids, pixels = torch.randint(0, 400, (2, 12)), torch.rand(2, 3, 32, 32)
    given = {"input_ids": ids, "pixel_values": pixels, "attention_mask": torch.ones_like(ids)}
    axes = {"input_ids": {0: "text_batch", 1: "sequence"}, "attention_mask": {0: "text_batch", 1: "sequence"}, "pixel_values": {0: "image_batch"}}
    torch.onnx.export(
        module,
        tuple(given[name] for name in inputs),
        str(file),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes={name: axes[name] for name in inputs} | {name: {0: "batch"} for name in outputs},
        opset_version=17,
        dynamo=False,
    )


def write(folder):
    (HERE / folder).mkdir(exist_ok=True)
    (HERE / folder / "config.json").write_text(json.dumps({"model_type": "clip"}) + "\n")
    processor.save_pretrained(HERE / folder)
    for name in ("vocab.json", "merges.txt", "tokenizer_config.json"):
        shutil.copy(TOKENIZER / name, HERE / folder / name)


split = HERE / "tiny-clip" / "onnx"
export(Vision(), split / "vision_model.onnx", ["pixel_values"], ["image_embeds"])
export(Text(), split / "text_model.onnx", ["input_ids"], ["text_embeds"])
export(
    Whole(),
    HERE / "tiny-clip-whole" / "model.onnx",
    ["input_ids", "pixel_values", "attention_mask"],
    ["logits_per_image", "logits_per_text", "text_embeds", "image_embeds"],
)
pooled = HERE / "tiny-clip-pooled" / "onnx"
export(Pooled(), pooled / "text_model.onnx", ["input_ids"], ["last_hidden_state", "pooler_output"])
shutil.copy(split / "vision_model.onnx", pooled / "vision_model.onnx")
for folder in ("tiny-clip", "tiny-clip-whole", "tiny-clip-pooled"):
    write(folder)

y, x = np.mgrid[0:50, 0:70]
photo = np.stack([128 + 100 * np.sin(x / 9), 2.5 * y + 60, 255 - 2 * x], -1).clip(0, 255).astype(np.uint8)
Image.fromarray(photo).save(HERE / "photo.png")
ids = tokenizer(TEXTS, padding=True, truncation=True, max_length=77, return_tensors="pt")
text = features(model.get_text_features(**ids))
pixels = processor(Image.fromarray(photo), return_tensors="pt").pixel_values
image = features(model.get_image_features(pixel_values=pixels))
cosines = torch.nn.functional.cosine_similarity(image, text)
golden = {"texts": TEXTS, "cosines": [round(float(c), 6) for c in cosines], "pixels": {"shape": list(pixels.shape), "some": [round(float(v), 4) for v in pixels.flatten()[::97]]}}
(HERE / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
print(cosines)
