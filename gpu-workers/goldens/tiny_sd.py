"""Makes two tiny Stable Diffusion checkpoints with random weights, and diffusers' pictures from them.

usage: python tiny_sd.py   (writes tiny-sd/, tiny-sd-inpaint/, pipeline.json and pipeline.bin beside itself; needs scipy)

Each case of pipeline.json has its final latents (float32) and its pixels (bytes, channel by channel) in pipeline.bin.
"""

import dataclasses
import json
import pathlib
import shutil

import numpy as np
import torch
from checkpoints import export_checkpoint, make_checkpoint
from reference_pictures import LONG_PROMPT, NEGATIVE, PROMPT, Case, draw
from reference_samplers import SAMPLERS

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 48, 32
# Strange ways to write a prompt: what the tokenizer makes of them.
TEXTS = [PROMPT, "", "RUST  on\tthe\nsurface!!", "naïve Ünïcode façade", "강철 표면의 긁힘", "🔩🔧 bolt", "it's 3.5mm, isn't it?",
         "<|startoftext|>steel<|endoftext|>", "a" * 300, "scratch " * 100, "İstanbul ΣΑΣ", "e\u0301 e", "\u00a0x\u3000y\u200bz",
         "don'T WE'LL they'd", "x²½Ⅷ٣", "(word:1.2) [a|b] {c}", "\x00\x07bell", "_under_score-dash", "ﬁ ligature", "'s's''t"]  # fmt: skip


def cases() -> list[Case]:
    def one(*values: object) -> Case:
        return Case(*values, WIDTH, HEIGHT)  # type: ignore[arg-type]

    every = [
        one(model, tool, sampler, 7, 1.0 if i % 4 == 3 else 7.5, strength, 42 + i)
        for model in ("tiny-sd", "tiny-sd-inpaint")
        for i, sampler in enumerate(SAMPLERS)
        for tool, strength in (("text", 1.0), ("image", 0.6), ("inpaint", 0.8 if i % 2 else 1.0))
    ]
    return every + [
        one("tiny-sd", "text", "DDIM", 1, 7.5, 1.0, 42),
        one("tiny-sd", "text", "DPM2 a", 1, 7.5, 1.0, 42),
        one("tiny-sd", "text", "DPM++ 2M", 20, 7.5, 1.0, 4294967295),
        one("tiny-sd", "text", "Euler", 20, 1.0, 1.0, 0),
        one("tiny-sd", "image", "DPM++ 2M SDE", 150, 7.5, 0.05, 6),
        one("tiny-sd-inpaint", "inpaint", "Euler", 20, 7.5, 1.0, 6),
        one("tiny-sd-inpaint", "long text", "DDIM", 7, 7.5, 1.0, 42),
    ]


def main() -> None:
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)  # these nets are too small to share
    checkpoints = {}
    for name in ("tiny-sd", "tiny-sd-inpaint"):
        shutil.rmtree(HERE / name, ignore_errors=True)
        checkpoints[name] = make_checkpoint(name, HERE / name)
        export_checkpoint(checkpoints[name], HERE / name)
    index, blob = [], b""
    for case in cases():
        latents, pixels = draw(checkpoints[case.model], case)
        index.append({**dataclasses.asdict(case), "offset": len(blob), "latents": latents.size, "pixels": pixels.size})
        blob += latents.astype("<f4").tobytes() + np.rint(pixels * 255).astype(np.uint8).tobytes()
        print(*dataclasses.astuple(case), f"latents std {latents.std():.2f}, pixels std {pixels.std():.3f}")
    tokenizer = checkpoints["tiny-sd"].parts["tokenizer"]
    tokens = [{"text": text, "ids": tokenizer(text).input_ids} for text in TEXTS]
    out = {"width": WIDTH, "height": HEIGHT, "prompt": PROMPT, "longPrompt": LONG_PROMPT, "negativePrompt": NEGATIVE,
           "cases": index, "tokens": tokens}  # fmt: skip
    (HERE / "pipeline.json").write_text(json.dumps(out, ensure_ascii=False))
    (HERE / "pipeline.bin").write_bytes(blob)
    print(len(index), "cases", len(blob), "bytes")


if __name__ == "__main__":
    main()
