"""Judges the exported starter model: a classifier trained on renders it never saw says what 200 pictures show.

    python judge.py --minutes 4                      trains the judge, then judges weights/starter
    python judge.py --classifier FILE --minutes 0    judges again with the same classifier

The renders have seeds from 20,000,000 on, apart from the training data's. A third of the judge's training
pictures went through the VAE, since every generated picture did.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from diffusers import DDIMScheduler
from PIL import Image
from torch import nn
from torch.nn import functional as F
from transformers import CLIPTokenizer

from matting_net import ConvBlock
from networks import LATENT_CHANNELS, LATENT_SIDE, SIDE, TOKENS
from renderer import DEFECTS, SURFACES, render_pair
from renderer.captions import DEFECT_WORDS

HERE = Path(__file__).resolve().parent
FIRST_SEED = 20_000_000
STATES = ["clean", *DEFECTS]
COLOURS = {
    "brushed metal": ["steel", "aluminium", "brass", "copper"],
    "wood": ["light", "brown", "dark"],
    "fabric": ["blue", "green", "red", "gray"],
    "leather": ["brown", "red", "beige"],
    "concrete": ["gray"],
    "ceramic tile": ["white", "beige", "blue"],
    "painted metal": ["red", "blue", "yellow", "white"],
    "circuit board": ["green", "blue", "red"],
}


class Judge(nn.Module):
    """128 x 128 pictures -> logits of the surface, logits of the state (clean or which defect)."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            ConvBlock(3, 24, 2),
            ConvBlock(24, 32),
            ConvBlock(32, 48, 2),
            ConvBlock(48, 64),
            ConvBlock(64, 96, 2),
            ConvBlock(96, 96),
            ConvBlock(96, 128, 2),
            ConvBlock(128, 128),
        )
        self.surface = nn.Linear(256, len(SURFACES))
        self.state = nn.Linear(256, len(STATES))

    def forward(self, pictures):
        x = self.body(pictures)
        # The mean tells the texture, the largest answer tells of a small defect.
        x = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return self.surface(x), self.state(x)


class OnnxModel:
    """The exported folder, run as the product runs it."""

    def __init__(self, folder, threads):
        self.folder = Path(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.sessions = {
            part: onnxruntime.InferenceSession(
                str(self.folder / part / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            for part in ("text_encoder", "unet", "vae_encoder", "vae_decoder")
        }
        self.tokenizer = CLIPTokenizer.from_pretrained(str(self.folder / "tokenizer"))
        self.scheduler = DDIMScheduler.from_pretrained(str(self.folder / "scheduler"))
        self.gray = self.encode(np.zeros((1, 3, SIDE, SIDE), np.float32))

    def encode(self, pictures):
        return self.sessions["vae_encoder"].run(None, {"sample": pictures})[0]

    def decode(self, latents):
        return self.sessions["vae_decoder"].run(None, {"latent_sample": latents})[0]

    def condition(self, prompts):
        tokens = self.tokenizer(
            prompts, padding="max_length", max_length=TOKENS, truncation=True, return_tensors="np"
        ).input_ids
        return self.sessions["text_encoder"].run(None, {"input_ids": tokens.astype(np.int64)})[0]

    def draw(self, prompts, seed, steps, guidance):
        """Text to image: float32 pictures in -1..1."""
        n = len(prompts)
        generator = np.random.default_rng(seed)
        x = torch.from_numpy(generator.standard_normal((n, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE), dtype=np.float32))
        beside = np.concatenate([np.ones((n, 1, LATENT_SIDE, LATENT_SIDE), np.float32), np.repeat(self.gray, n, 0)], 1)
        text = self.condition([""] * n + prompts)
        self.scheduler.set_timesteps(steps)
        for t in self.scheduler.timesteps:
            seen = np.concatenate([np.concatenate([x.numpy(), beside], 1)] * 2)
            feeds = {"sample": seen, "timestep": np.array([int(t)], np.int64), "encoder_hidden_states": text}
            without, with_prompt = np.split(self.sessions["unet"].run(None, feeds)[0], 2)
            guided = torch.from_numpy(without + guidance * (with_prompt - without))
            x = self.scheduler.step(guided, t, x, return_dict=False)[0]
        return np.clip(self.decode(x.numpy()), -1, 1)


def renders(first, count, model=None, through_vae=0):
    """Pictures with labels: clean ones are one in eight; the first `through_vae` went through the VAE."""
    pictures, surfaces, states = [], [], []
    for i in range(count):
        pair = render_pair(first + i)
        clean = i % 8 == 0
        pictures.append(pair.clean if clean else pair.defective)
        surfaces.append(list(SURFACES).index(pair.surface))
        states.append(0 if clean else STATES.index(pair.defect))
    pictures = np.stack(pictures)
    for i in range(0, through_vae, 16):
        batch = pictures[i : i + 16].transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
        batch = np.clip(model.decode(model.encode(batch)), -1, 1)
        pictures[i : i + 16] = ((batch + 1) * 127.5 + 0.5).astype(np.uint8).transpose(0, 2, 3, 1)
    return pictures, np.array(surfaces), np.array(states)


def to_tensor(pictures):
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def train(judge, data, minutes):
    pictures, surfaces, states = data
    r = np.random.default_rng(0)
    optimizer = torch.optim.AdamW(judge.parameters(), 2e-3, weight_decay=0.02)
    start, last = time.process_time(), time.time()
    step = 0
    while (progress := (time.process_time() - start) / (60 * minutes)) < 1:
        optimizer.param_groups[0]["lr"] = 2e-3 * min(1, (step + 1) / 50) * (0.01 + 0.5 + 0.5 * math.cos(math.pi * progress))
        i = r.integers(0, len(pictures), 32)
        x = pictures[i]
        if r.random() < 0.5:
            x = x[:, :, ::-1]
        if r.random() < 0.5:
            x = x[:, ::-1]
        if r.random() < 0.5:
            x = x.transpose(0, 2, 1, 3)
        x = to_tensor(x) * r.uniform(0.85, 1.15) + r.uniform(-0.1, 0.1)
        if r.random() < 0.2:
            x = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)
        x = x + torch.randn_like(x) * r.uniform(0, 0.05)
        found = judge(x.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(found[0], torch.from_numpy(surfaces[i])) + F.cross_entropy(
            found[1], torch.from_numpy(states[i]), label_smoothing=0.05
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if time.time() - last > 60:
            last = time.time()
            print(f"{progress:.0%}  step {step}  loss {loss.item():.3f}", flush=True)
    return step


@torch.no_grad()
def classify(judge, pictures):
    judge.eval()
    answers = [judge(x) for x in pictures.split(50)]
    judge.train()
    return tuple(torch.cat([a[k] for a in answers]).argmax(1).numpy() for k in (0, 1))


def percent(hits):
    return round(100 * float(np.mean(hits)), 1)


def asked(count):
    """(prompt, surface, state) over all surfaces and states, colours in turn."""
    out = []
    for i in range(count):
        surface, state = list(SURFACES)[i % 8], STATES[(i // 8) % 8]
        colours = COLOURS[surface]
        name = f"{colours[(i // 64 + i // 8) % len(colours)]} {surface}"
        prompt = f"clean {name} surface" if state == "clean" else f"{name} with {DEFECT_WORDS[state][0]}"
        out.append((prompt, surface, state))
    return out


def judge_model(judge, model, a):
    wishes = asked(a.pictures)
    drawn = [
        model.draw([w[0] for w in wishes[i : i + 10]], a.seed + i, a.steps, a.guidance) for i in range(0, a.pictures, 10)
    ]
    drawn = torch.from_numpy(np.concatenate(drawn))
    surfaces, states = classify(judge, drawn)
    right = np.array([list(SURFACES)[s] == w[1] for s, w in zip(surfaces, wishes)])
    state_right = np.array([STATES[s] == w[2] for s, w in zip(states, wishes)])
    defective = np.array([w[2] != "clean" for w in wishes])
    report = {
        "surface_percent": percent(right),
        "state_percent": percent(state_right),
        "defect_percent": percent(state_right[defective]),
        "chance_percent": 12.5,
        "by_surface": {s: percent(right[[w[1] == s for w in wishes]]) for s in SURFACES},
        "by_state": {s: percent(state_right[[w[2] == s for w in wishes]]) for s in STATES},
    }
    if a.sheet:
        shown = ((drawn[:128] + 1) * 127.5).byte().permute(0, 2, 3, 1).numpy()
        Image.fromarray(np.concatenate([np.concatenate(list(shown[i : i + 16]), 1) for i in range(0, len(shown) // 16 * 16, 16)], 0)).save(a.sheet)
    return report


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", type=Path, default=HERE / "weights" / "starter")
    p.add_argument("--minutes", type=float, default=4, help="of processor time to train the judge; 0 takes --classifier as it is")
    p.add_argument("--classifier", type=Path, default=Path.home() / ".cache/defect-studio/starter-model/judge.pt")
    p.add_argument("--training-pictures", type=int, default=3600)
    p.add_argument("--pictures", type=int, default=200)
    p.add_argument("--steps", type=int, default=25)
    p.add_argument("--guidance", type=float, default=3.0)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--sheet", type=Path)
    p.add_argument("--train-only", action="store_true")
    p.add_argument("--out", type=Path, default=HERE / "judge-report.json")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    model = OnnxModel(a.model, a.threads)
    judge = Judge().to(memory_format=torch.channels_last)
    if a.minutes > 0:
        data = renders(FIRST_SEED, a.training_pictures, model, a.training_pictures // 3)
        steps = train(judge, data, a.minutes)
        torch.save({"judge": judge.state_dict(), "steps": steps, "pictures": a.training_pictures}, a.classifier)
    saved = torch.load(a.classifier)
    judge.load_state_dict(saved["judge"])
    held_out = renders(FIRST_SEED + 1_000_000, 400, model, 200)
    surfaces, states = classify(judge, to_tensor(held_out[0]))
    own = {"surface_percent": percent(surfaces == held_out[1]), "state_percent": percent(states == held_out[2])}
    own |= {"pictures": 400, "training_pictures": saved["pictures"], "training_steps": saved["steps"], "batch": 32}
    print("the judge on unseen renders:", own, flush=True)
    if a.train_only:
        return
    start = time.time()
    report = judge_model(judge, model, a)
    report = {
        "judge": own,
        "starter_model": report,
        "pictures": a.pictures,
        "sampler": "DDIM",
        "steps": a.steps,
        "guidance": a.guidance,
        "seed": a.seed,
        "seconds": round(time.time() - start),
        "command": "python judge.py " + " ".join(sys.argv[1:]),
    }
    print(json.dumps(report, indent=2))
    a.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
