"""Makes two tiny Stable Diffusion checkpoints with random weights, and diffusers' pictures from them.

usage: python tiny_sd.py   (writes tiny-sd/, tiny-sd-inpaint/, pipeline.json and pipeline.bin beside itself)

tiny-sd          4-channel UNet, epsilon, AutoencoderKL (f8, exported as mean and log variance), scheduler_config.json
                 as Stable Diffusion 1.5 has it, float timestep
tiny-sd-inpaint  9-channel UNet, v-prediction, AutoencoderTiny (f4, exported as a sample), trailing times, int64 timestep,
                 any number of tokens, so that long prompts are read in parts

The images are float32 in pipeline.bin, channel by channel; pipeline.json says which part belongs to which case.
"""

import collections
import json
import pathlib
import shutil

import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionInpaintPipeline,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from PIL import Image
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 48, 32
SAMPLERS = {
    "DDIM": (DDIMScheduler, {}),
    "Euler": (EulerDiscreteScheduler, {}),
    "Euler a": (EulerAncestralDiscreteScheduler, {}),
    "DPM++ 2M": (DPMSolverMultistepScheduler, {}),
    "DPM++ 2M Karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
}
SD15_SCHEDULER = {
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
WORDS = (
    "a photo of steel wood leather fabric concrete tile paint with scratch crack hole stain dent rust on the surface "
    "brushed metal green circuit board clean low quality blurry macro light shadow grey blue red "
).lower()


def byte_letters():
    """The 256 printable stand-ins for bytes of GPT-2's byte-level BPE."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    extra = iter(range(256, 512))
    return [chr(b) if b in kept else chr(next(extra)) for b in kept + [b for b in range(256) if b not in kept]]


def learn_merges(text, count):
    words = collections.Counter(text.split())
    pieces = {w: [*w[:-1], w[-1] + "</w>"] for w in words}
    merges = []
    for _ in range(count):
        pairs = collections.Counter()
        for w, p in pieces.items():
            for pair in zip(p, p[1:]):
                pairs[pair] += words[w]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        for w, p in pieces.items():
            joined, i = [], 0
            while i < len(p):
                step = 2 if tuple(p[i : i + 2]) == best else 1
                joined.append("".join(p[i : i + step]))
                i += step
            pieces[w] = joined
    return merges


def make_tokenizer(folder):
    folder.mkdir(parents=True)
    letters, merges = byte_letters(), learn_merges(WORDS, 200)
    tokens = [*letters, *(c + "</w>" for c in letters), *("".join(m) for m in merges)]
    vocab = {t: i for i, t in enumerate(dict.fromkeys([*tokens, "<|startoftext|>", "<|endoftext|>"]))}
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(m) for m in merges) + "\n")
    marks = {"bos_token": "<|startoftext|>"} | {f"{k}_token": "<|endoftext|>" for k in ("eos", "unk", "pad")}
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "do_lower_case": True, **marks}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2))
    return CLIPTokenizer.from_pretrained(folder)


def make_text_encoder(tokenizer):
    end = tokenizer.eos_token_id
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=77, bos_token_id=tokenizer.bos_token_id, eos_token_id=end, pad_token_id=end,
        projection_dim=32,
    )  # fmt: skip
    return CLIPTextModel(config).eval()


def make_unet(channels):
    return UNet2DConditionModel(
        sample_size=8, in_channels=channels, out_channels=4, layers_per_block=1, block_out_channels=(8, 16),
        norm_num_groups=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), cross_attention_dim=32, attention_head_dim=4,
    ).eval()  # fmt: skip


def make_kl():
    vae = AutoencoderKL(
        block_out_channels=(8, 8, 16, 16), norm_num_groups=4, latent_channels=4, sample_size=64, layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
    ).eval()  # fmt: skip
    vae.decoder.conv_out.weight *= 1.5  # random weights give a flat grey; contrast makes a wrong latent visible
    return vae


def make_tiny_vae():
    vae = AutoencoderTiny(
        encoder_block_out_channels=(16, 16, 16), decoder_block_out_channels=(16, 16, 16),
        num_encoder_blocks=(0, 1, 1), num_decoder_blocks=(1, 1, 0), scaling_factor=1.0,
    ).eval()  # fmt: skip
    vae.decoder.layers[-1].bias += 0.5  # random weights give black
    return vae


class Wrapped(torch.nn.Module):
    def __init__(self, call, *modules):
        super().__init__()
        self.call = call
        self.modules_ = torch.nn.ModuleList(modules)

    def forward(self, *inputs):
        return self.call(*inputs)


def export(folder, module, call, inputs, outputs, axes):
    folder.mkdir(parents=True)
    torch.onnx.export(
        Wrapped(call, module).eval(), tuple(inputs.values()), folder / "model.onnx", input_names=list(inputs),
        output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    if not (folder / "config.json").exists():
        module.save_config(folder) if hasattr(module, "save_config") else module.config.save_pretrained(folder)


def make_checkpoint(name, channels, vae, scheduler, timestep):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    tokenizer = make_tokenizer(folder / "tokenizer")
    text_encoder, unet = make_text_encoder(tokenizer), make_unet(channels)
    ids = torch.zeros(2, 77, dtype=torch.int64)
    hidden = text_encoder(ids).last_hidden_state
    size = {0: "batch", 2: "height", 3: "width"}
    export(folder / "text_encoder", text_encoder, lambda i: text_encoder(i, return_dict=False), {"input_ids": ids},
           ["last_hidden_state", "pooler_output"], {"input_ids": {0: "batch"}})  # fmt: skip
    export(folder / "unet", unet, lambda s, t, e: unet(s, t, e, return_dict=False)[0],
           {"sample": torch.randn(2, channels, 8, 8), "timestep": timestep, "encoder_hidden_states": hidden},
           ["out_sample"], {"sample": size, "encoder_hidden_states": {0: "batch"} | ({1: "tokens"} if channels == 9 else {})})  # fmt: skip
    kl = isinstance(vae, AutoencoderKL)
    encode = (lambda x: vae.quant_conv(vae.encoder(x))) if kl else (lambda x: vae.encode(x, return_dict=False)[0])
    export(folder / "vae_encoder", vae, encode, {"sample": torch.rand(1, 3, 64, 64)},
           ["latent_parameters" if kl else "latent_sample"], {"sample": size})  # fmt: skip
    export(folder / "vae_decoder", vae, lambda z: vae.decode(z, return_dict=False)[0],
           {"latent_sample": torch.randn(1, 4, 8, 8)}, ["sample"], {"latent_sample": size})  # fmt: skip
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler, indent=2))
    parts = {"scheduler": scheduler["_class_name"], "tokenizer": "CLIPTokenizer"} | {
        part: "OnnxRuntimeModel" for part in ("text_encoder", "unet", "vae_decoder", "vae_encoder")
    }
    index = {"_class_name": "OnnxStableDiffusionPipeline"} | {k: ["diffusers", v] for k, v in parts.items()}
    (folder / "model_index.json").write_text(json.dumps(index, indent=2))
    about = {"title": name, "licence": "Apache-2.0", "note": "Random weights: for tests only."}
    (folder / "about.json").write_text(json.dumps(about, indent=2))
    return dict(vae=vae, text_encoder=text_encoder, tokenizer=tokenizer, unet=unet), scheduler


def photo():
    y, x, c = np.mgrid[0:HEIGHT, 0:WIDTH, 0:3]
    return Image.fromarray(((x * 5 + y * 7 + c * 60) % 256).astype(np.uint8))


def mask():
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels[8:26, 13:37] = 255
    return Image.fromarray(pixels)


PROMPT, NEGATIVE = "a photo of brushed steel with a scratch", "low quality, blurry"
LONG_PROMPT = "a photo of brushed steel with a scratch, " * 9 + "rust on the surface"
CASES = [
    *(("tiny-sd", "text", s, 7, 7.5, 1.0, 42) for s in SAMPLERS),
    ("tiny-sd", "text", "DDIM", 1, 7.5, 1.0, 42),
    ("tiny-sd", "text", "DPM++ 2M", 20, 7.5, 1.0, 4294967295),
    ("tiny-sd", "text", "Euler", 20, 1.0, 1.0, 0),
    ("tiny-sd", "image", "DDIM", 8, 7.5, 0.6, 42),
    ("tiny-sd", "image", "Euler a", 7, 7.5, 0.75, 1),
    ("tiny-sd", "image", "DPM++ 2M Karras", 7, 1.0, 0.5, 2),
    ("tiny-sd", "inpaint", "DDIM", 7, 7.5, 1.0, 42),
    ("tiny-sd", "inpaint", "Euler", 7, 7.5, 0.7, 3),
    ("tiny-sd", "inpaint", "Euler a", 7, 7.5, 1.0, 4),
    ("tiny-sd", "inpaint", "DPM++ 2M", 20, 7.5, 1.0, 5),
    *(("tiny-sd-inpaint", "text", s, 7, 7.5, 1.0, 42) for s in ("DDIM", "Euler a", "DPM++ 2M")),
    ("tiny-sd-inpaint", "image", "DDIM", 8, 7.5, 0.6, 42),
    ("tiny-sd-inpaint", "inpaint", "DDIM", 7, 7.5, 1.0, 42),
    ("tiny-sd-inpaint", "inpaint", "Euler", 20, 7.5, 1.0, 6),
    ("tiny-sd-inpaint", "inpaint", "Euler a", 7, 1.0, 0.9, 7),
    ("tiny-sd-inpaint", "inpaint", "DPM++ 2M", 20, 7.5, 0.8, 8),
    ("tiny-sd-inpaint", "long text", "DDIM", 7, 7.5, 1.0, 42),
]


def embed_in_parts(parts, prompt, count):
    """Parts of 75 tokens, each between marks, their embeddings one after the other; empty parts fill up."""
    tokenizer, encoder = parts["tokenizer"], parts["text_encoder"]
    ids = tokenizer(prompt, add_special_tokens=False).input_ids
    rows = []
    for i in range(count):
        row = [tokenizer.bos_token_id, *ids[75 * i : 75 * (i + 1)], tokenizer.eos_token_id]
        row += [tokenizer.pad_token_id] * (77 - len(row))
        rows.append(encoder(torch.tensor([row])).last_hidden_state)
    return torch.cat(rows, 1)


def draw(checkpoint, tool, sampler, steps, guidance, strength, seed):
    parts, scheduler_config = checkpoint
    make, extra = SAMPLERS[sampler]
    nine = parts["unet"].config.in_channels == 9
    classes = {"text": StableDiffusionPipeline, "image": StableDiffusionImg2ImgPipeline}
    pipe = (StableDiffusionInpaintPipeline if nine else classes.get(tool, StableDiffusionInpaintPipeline))(
        **parts, scheduler=make.from_config({**scheduler_config, **extra}), safety_checker=None,
        feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    pipe.set_progress_bar_config(disable=True)
    options = {}
    if nine or tool == "inpaint":
        # A 9-channel UNet serves the other tools with everything masked, so the picture shows nothing through.
        options = dict(image=photo(), mask_image=mask() if tool == "inpaint" else Image.new("L", (WIDTH, HEIGHT), 255))
    elif tool == "image":
        options = dict(image=photo())
    if tool == "text" or nine or tool == "inpaint":
        options |= dict(width=WIDTH, height=HEIGHT)
    if tool != "text" or nine:
        options |= dict(strength=strength)
    common = dict(num_inference_steps=steps, guidance_scale=guidance)
    if tool == "long text":
        count = -(-len(parts["tokenizer"](LONG_PROMPT, add_special_tokens=False).input_ids) // 75)
        assert count > 1
        common |= dict(prompt_embeds=embed_in_parts(parts, LONG_PROMPT, count),
                       negative_prompt_embeds=embed_in_parts(parts, NEGATIVE, count))  # fmt: skip
    else:
        common |= dict(prompt=PROMPT, negative_prompt=NEGATIVE)
    seeded = lambda: torch.Generator().manual_seed(seed)
    latents = pipe(**common, **options, generator=seeded(), output_type="latent").images[0]
    image = pipe(**common, **options, generator=seeded(), output_type="np").images[0]
    return latents.numpy(), image.transpose(2, 0, 1)


torch.manual_seed(0)
torch.set_grad_enabled(False)
checkpoints = {
    "tiny-sd": make_checkpoint("tiny-sd", 4, make_kl(), SD15_SCHEDULER, torch.tensor([501.0])),
    "tiny-sd-inpaint": make_checkpoint("tiny-sd-inpaint", 9, make_tiny_vae(), TRAILING_SCHEDULER, torch.tensor(501)),
}
keys = ["model", "tool", "sampler", "steps", "guidanceScale", "strength", "seed"]
index, blob = [], b""
for values in CASES:
    latents, image = draw(checkpoints[values[0]], *values[1:])
    index.append({**dict(zip(keys, values)), "offset": len(blob), "latents": latents.size, "pixels": image.size})
    blob += latents.astype("<f4").tobytes() + image.astype("<f4").tobytes()
    print(*values, f"latents std {latents.std():.2f}, pixels {image.min():.2f}–{image.max():.2f} std {image.std():.3f}")
prompts = [PROMPT, "", "RUST  on\tthe\nsurface!!", "naïve Ünïcode façade", "강철 표면의 긁힘", "🔩🔧 bolt", "it's 3.5mm, isn't it?",
           "<|startoftext|>steel<|endoftext|>", "a" * 300, "scratch " * 100, "İstanbul ΣΑΣ", "e\u0301 e", "\u00a0x\u3000y\u200bz",
           "don'T WE'LL they'd", "x²½Ⅷ٣", "(word:1.2) [a|b] {c}", "\x00\x07bell", "_under_score-dash", "ﬁ ligature", "'s's''t"]  # fmt: skip
tokens = [checkpoints["tiny-sd"][0]["tokenizer"](p).input_ids for p in prompts]
out = {"width": WIDTH, "height": HEIGHT, "prompt": PROMPT, "longPrompt": LONG_PROMPT, "negativePrompt": NEGATIVE, "cases": index,
       "tokens": [{"text": p, "ids": i} for p, i in zip(prompts, tokens)]}  # fmt: skip
(HERE / "pipeline.json").write_text(json.dumps(out, ensure_ascii=False))
(HERE / "pipeline.bin").write_bytes(blob)
