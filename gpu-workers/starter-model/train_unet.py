"""Trains the UNet and the text encoder on the encoded pairs; v-prediction, Muon with AdamW, averaged weights.

    python train_unet.py --data DATA --latents LATENTS --out UNET --minutes 90

Continues at the last checkpoint; without one, from weights that restore.py put there; else from nothing.
"""

import argparse
import copy
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

from batches import Captions, Latents, choose_times, make_batch
from make_pairs import Pairs
from make_tokenizer import make_tokenizer
from muon import Muon
from networks import make_schedule, make_text_encoder, make_unet
from side_by_side import Clock, run_side_by_side

AVERAGED_SHARE = 0.05  # of the samples so far that the averaged weights look back on
SAVE_EVERY = 180  # seconds
FULL_SHARE, FULL_SHARE_OF_CROPS = 0.5, 0.6  # text to image; the rest fills a mask


def loss_of(unet, text_encoder, batch, signal, noise_level, r):
    """v-prediction (Salimans and Ho, arXiv:2202.00512): v = signal * noise - noise_level * latents."""
    x = batch.latents
    t = choose_times(r, len(x))
    a, s = signal[t].view(-1, 1, 1, 1), noise_level[t].view(-1, 1, 1, 1)
    noise = torch.randn_like(x)
    noisy, v = a * x + s * noise, a * noise - s * x
    text = text_encoder(input_ids=batch.prompts).last_hidden_state[batch.prompt_of]
    seen = torch.cat([noisy, batch.mask, batch.masked], 1).contiguous(memory_format=torch.channels_last)
    error = (unet(seen, t, text, return_dict=False)[0] - v).square()
    loss = (error * batch.weight).sum() / (batch.weight.sum() * x.shape[1])
    with torch.no_grad():
        text_to_image = error[batch.full].mean().item() if batch.full.any() else math.nan
    return loss, text_to_image


def work(rank, modules, shared, gate, a):
    unet, text_encoder = modules[:2]
    torch.set_num_threads(1)
    samples, checkpoint = shared["samples"], a.out / "checkpoint.pt"
    seed = [rank, int(samples.sum())]
    r = np.random.default_rng(seed)
    torch.manual_seed(2 * seed[1] + rank)
    latents = Latents(a.latents)
    captions = Captions(Pairs(a.data).captions, CLIPTokenizer.from_pretrained(str(a.out / "tokenizer")))

    parameters = [*unet.parameters(), *text_encoder.parameters()]
    matrices = [p for n, p in unet.named_parameters() if p.ndim >= 2 and "conv_in" not in n and "conv_out" not in n]
    chosen = {id(p) for p in matrices}
    muon = Muon(matrices)
    adam = torch.optim.AdamW(
        [p for p in parameters if id(p) not in chosen], a.lr, betas=(0.9, 0.99), weight_decay=0.01
    )
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        adam.load_state_dict(saved["adam"])
        for buffer, value in zip(muon.buffers, saved["muon"]):
            buffer.copy_(value)
        del saved
    bars = make_schedule().alphas_cumprod
    signal, noise_level = bars.sqrt(), (1 - bars).sqrt()
    averaged = [p for m in modules[2:] for p in m.parameters()] if rank == 0 else []
    averaged_at = int(samples.sum())
    clock, step, shown_at, saved_at, errors = Clock(shared, rank, a.minutes), 0, time.time(), time.time(), []
    rate_from = (time.time(), averaged_at)

    while (progress := clock.progress()) < 1:
        crop = r.random() > min(0.8, max(0, (progress - a.crop_until) / 0.4))
        size = a.crop_batch if crop else a.batch
        falling = 0.5 + 0.5 * math.cos(math.pi * max(0, (progress - 0.3) / 0.7))
        rate = min(1, (step + 1) / 60) * (0.03 + 0.97 * falling)
        adam.param_groups[0]["lr"] = a.lr * rate
        batch = make_batch(r, latents, captions, size, FULL_SHARE_OF_CROPS if crop else FULL_SHARE, crop)
        loss, text_to_image = loss_of(unet, text_encoder, batch, signal, noise_level, r)
        adam.zero_grad(set_to_none=True)
        muon.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()
        muon.step(a.muon * rate)
        step += 1
        samples[rank] += size
        errors.append((loss.item(), text_to_image))
        if step % 100 == 0:
            latents.refresh()
        if rank:
            continue
        total = int(samples.sum())
        if step % 4 == 0:
            keep = math.exp(-(total - averaged_at) / (AVERAGED_SHARE * total + 50))
            averaged_at = total
            with torch.no_grad():
                torch._foreach_lerp_(averaged, parameters, 1 - keep)
        if time.time() - shown_at > 60:
            shown_at = time.time()
            speed = (total - rate_from[1]) / (shown_at - rate_from[0])
            rate_from = (shown_at, total)
            mean = np.nanmean(np.array(errors[-200:]), 0)
            found = f"loss {mean[0]:.4f}  text to image {mean[1]:.4f}"
            print(f"{progress:.1%}  samples {total}  {speed:.1f} a second  {found}", flush=True)
        if time.time() - saved_at > SAVE_EVERY:
            saved_at = time.time()
            save(modules, adam, muon, shared, a.out)
    gate.wait(600)
    if rank == 0:
        save(modules, adam, muon, shared, a.out)


def save(modules, adam, muon, shared, folder):
    unet, text_encoder, averaged_unet, averaged_text_encoder = modules
    state = {
        "modules": [m.state_dict() for m in modules],
        "adam": adam.state_dict(),
        "muon": muon.buffers,
        "shared": {k: v.clone() for k, v in shared.items()},
    }
    torch.save(state, folder / "unfinished.pt")
    os.replace(folder / "unfinished.pt", folder / "checkpoint.pt")
    averaged_unet.save_pretrained(folder / "unet")
    averaged_text_encoder.save_pretrained(folder / "text_encoder")
    make_schedule().save_pretrained(folder / "scheduler")
    progress = {"samples": int(shared["samples"].sum()), "seconds": float(shared["seconds"][0])}
    (folder / "progress.json").write_text(json.dumps(progress) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--latents", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, default=90, help="in all, over restarts")
    p.add_argument("--crop-until", type=float, default=0.5, help="share of the time on quarters of the pictures alone")
    p.add_argument("--batch", type=int, default=5, help="pictures in a step of each process")
    p.add_argument("--crop-batch", type=int, default=14)
    p.add_argument("--lr", type=float, default=8e-4, help="AdamW's")
    p.add_argument("--muon", type=float, default=1.8e-3, help="Muon's learning rate")
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    if not (a.out / "tokenizer" / "vocab.json").exists():
        make_tokenizer(a.out / "tokenizer", [c for pair in Pairs(a.data).captions for c in pair[:2]])
    text_encoder = make_text_encoder(CLIPTokenizer.from_pretrained(str(a.out / "tokenizer")))
    unet = make_unet().to(memory_format=torch.channels_last)
    if (a.out / "unet" / "config.json").exists():
        unet = UNet2DConditionModel.from_pretrained(a.out / "unet").to(memory_format=torch.channels_last)
        text_encoder = CLIPTextModel.from_pretrained(a.out / "text_encoder")
    modules = [unet, text_encoder, copy.deepcopy(unet), copy.deepcopy(text_encoder)]
    shared = {"samples": torch.zeros(2, dtype=torch.int64), "seconds": torch.zeros(1, dtype=torch.float64)}
    if (a.out / "checkpoint.pt").exists():
        saved = torch.load(a.out / "checkpoint.pt")
        for module, state in zip(modules, saved["modules"]):
            module.load_state_dict(state)
        shared = saved["shared"]
        print("continues after", shared["samples"].tolist(), "samples")
    run_side_by_side(work, modules, shared, a)


if __name__ == "__main__":
    main()
