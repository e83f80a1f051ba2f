"""Makes a tiny text encoder that gives its hidden layers, and what diffusers takes from it at each clip skip.

usage: python clip_skip.py   (writes clip-skip/ beside itself; needs tiny-sd/tokenizer)

text_encoder/model.onnx has last_hidden_state, hidden_states.0 … L and normed_hidden_states.1 … L. conditionings.bin has,
for clip_skip 0, 1 … L − 1 of diffusers, what StableDiffusionPipeline.encode_prompt gives for the prompt of
conditionings.json: float32 [77, features] one after the other; then the weighted prompt of A1111's web UI for each.
"""

import json
import pathlib
import shutil

import numpy as np
import torch
from diffusers import AutoencoderTiny, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

HERE = pathlib.Path(__file__).parent
LAYERS, FEATURES = 4, 32
PROMPT = "a photo of brushed steel with a scratch, 3.5mm"
# Pieces and weights of "a (photo:1.3) of [brushed steel] ((scratch))", multiplied out by hand.
WEIGHTED = "a (photo:1.3) of [brushed steel] ((scratch))"
PIECES = [("a ", 1.0), ("photo", 1.3), (" of ", 1.0), ("brushed steel", 1 / 1.1), (" ", 1.0), ("scratch", 1.1 * 1.1)]

if not hasattr(CLIPTextModel, "text_model"):
    # transformers 5 took this layer of names away; diffusers 0.42 still asks for it after skipping.
    CLIPTextModel.text_model = property(lambda encoder: encoder)


class Layers(torch.nn.Module):
    """All hidden layers, raw and with the final layer norm."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids):
        out = self.encoder(input_ids, output_hidden_states=True)
        norm = self.encoder.text_model.final_layer_norm
        return (out.last_hidden_state, *out.hidden_states, *(norm(hidden) for hidden in out.hidden_states[1:]))


def make_encoder(tokenizer):
    end = tokenizer.eos_token_id
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=FEATURES, intermediate_size=32, num_hidden_layers=LAYERS,
        num_attention_heads=4, max_position_embeddings=77, bos_token_id=tokenizer.bos_token_id, eos_token_id=end,
        pad_token_id=end, projection_dim=8, initializer_factor=3.0,
    )  # fmt: skip
    encoder = CLIPTextModel(config).eval()
    norm = encoder.text_model.final_layer_norm
    # A fresh norm is γ = 1, β = 0, with which a forgotten one would hardly be seen.
    norm.weight.copy_(torch.rand(FEATURES) + 0.5)
    norm.bias.copy_(torch.randn(FEATURES) * 0.3)
    return encoder


def weigh(hidden, weights):
    """A1111's emphasis: multiply, then restore the mean of all."""
    weighted = hidden * torch.tensor(weights)[None, :, None]
    return weighted * (hidden.mean() / weighted.mean())


torch.manual_seed(0)
torch.set_grad_enabled(False)
tokenizer = CLIPTokenizer.from_pretrained(HERE / "tiny-sd" / "tokenizer")
encoder = make_encoder(tokenizer)
unet = UNet2DConditionModel(
    sample_size=8, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(4, 8), norm_num_groups=2,
    down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    cross_attention_dim=FEATURES, attention_head_dim=4,
)  # fmt: skip
pipe = StableDiffusionPipeline(
    vae=AutoencoderTiny(), text_encoder=encoder, tokenizer=tokenizer, unet=unet, scheduler=DDIMScheduler(),
    safety_checker=None, feature_extractor=None, requires_safety_checker=False,
)  # fmt: skip

hidden = encoder(torch.tensor([tokenizer(PROMPT).input_ids]), output_hidden_states=True)
assert len(hidden.hidden_states) == LAYERS + 1
assert torch.equal(encoder.text_model.final_layer_norm(hidden.hidden_states[-1]), hidden.last_hidden_state)
blob = b""
for skip in range(LAYERS):
    embeds, _ = pipe.encode_prompt(PROMPT, "cpu", 1, False, clip_skip=skip or None)
    blob += embeds[0].numpy().astype("<f4").tobytes()
ids, weights = [tokenizer.bos_token_id], [1.0]
for text, weight in PIECES:
    own = tokenizer(text, add_special_tokens=False).input_ids
    ids, weights = ids + own, weights + [weight] * len(own)
ids, weights = ids + [tokenizer.eos_token_id] * (77 - len(ids)), weights + [1.0] * (77 - len(weights))
states = encoder(torch.tensor([ids]), output_hidden_states=True).hidden_states
norm = encoder.text_model.final_layer_norm
for skip in range(LAYERS):
    blob += weigh(norm(states[LAYERS - skip]), weights)[0].numpy().astype("<f4").tobytes()

folder = HERE / "clip-skip"
shutil.rmtree(folder, ignore_errors=True)
(folder / "text_encoder").mkdir(parents=True)
layers = range(LAYERS + 1)
torch.onnx.export(
    Layers(encoder).eval(), (torch.zeros(1, 77, dtype=torch.int64),), folder / "text_encoder" / "model.onnx",
    input_names=["input_ids"], opset_version=17, dynamo=False, dynamic_axes={"input_ids": {0: "batch"}},
    output_names=["last_hidden_state", *(f"hidden_states.{i}" for i in layers), *(f"normed_hidden_states.{i}" for i in layers if i)],
)  # fmt: skip
encoder.config.save_pretrained(folder / "text_encoder")
about = {"prompt": PROMPT, "weighted": WEIGHTED, "layers": LAYERS, "tokens": 77, "features": FEATURES}
(folder / "conditionings.json").write_text(json.dumps(about))
(folder / "conditionings.bin").write_bytes(blob)
values = np.frombuffer(blob, "<f4").reshape(2, LAYERS, 77, FEATURES)
print("largest change from skip to skip:", np.abs(np.diff(values, axis=1)).max(), "mean of all", values.mean())
