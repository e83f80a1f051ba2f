"""Trains the VAE: pictures <-> latents of a quarter of the side, with mean 0 and deviation 1 per channel.

    python train_vae.py --data DATA --out VAE --minutes 20

Continues at the last checkpoint. In the last fifth of the time the encoder stands still and only the decoder
learns.
"""

import argparse
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from make_pairs import Pairs
from networks import make_vae
from side_by_side import Clock, run_side_by_side

CROP = 64
HELD_OUT = 64  # pairs at the end
ENCODER_UNTIL = 0.82
LATENT_NOISE = 0.05
MOMENT_WEIGHT = 0.05


def to_tensor(pictures):
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def crops(r, clean, defective, count, batch):
    which, y, x = r.integers(0, count, batch), *r.integers(0, 128 - CROP + 1, (2, batch))
    take = r.random(batch) < 0.6
    cut = [
        (defective if d else clean)[i, top : top + CROP, left : left + CROP] for i, top, left, d in zip(which, y, x, take)
    ]
    cut = np.stack(cut)
    if r.random() < 0.5:
        cut = cut[:, :, ::-1]
    if r.random() < 0.5:
        cut = cut[:, ::-1]
    if r.random() < 0.5:
        cut = cut.transpose(0, 2, 1, 3)
    cut = to_tensor(cut)
    if r.random() < 0.3:  # masked regions are gray: they must be coded cleanly, too
        top, left = r.integers(0, 40, 2)
        cut[:1, :, top : top + 28, left : left + 28] = 0
    return cut.contiguous(memory_format=torch.channels_last)


def reconstruction_loss(found, wanted):
    d = found - wanted
    slopes = (d[..., 1:] - d[..., :-1]).abs().mean() + (d[:, :, 1:] - d[:, :, :-1]).abs().mean()
    return d.abs().mean() + 0.5 * d.square().mean() + 0.5 * slopes


def moment_loss(latents, shared):
    """Pulls each channel to mean 0 and mean square 1, by running averages since one batch says little of them."""
    mean, square = latents.mean((0, 2, 3)), latents.square().mean((0, 2, 3))
    with torch.no_grad():
        shared["mean"].lerp_(mean, 0.02)
        shared["square"].lerp_(square, 0.02)
    return (2 * shared["mean"] * mean + (shared["square"] - 1) * square).mean()


@torch.no_grad()
def fold_moments(vae, pictures):
    """Moves what is left of mean and deviation from the latents into the weights around them."""
    z = torch.cat([vae.encode(x).latents for x in pictures.split(32)])
    mean, deviation = z.mean((0, 2, 3)), z.std((0, 2, 3))
    last, first = vae.encoder.layers[-1], vae.decoder.layers[0]
    last.weight /= deviation[:, None, None, None]
    last.bias.copy_((last.bias - mean) / deviation)
    first.bias += (first.weight * mean[None, :, None, None]).sum((1, 2, 3))
    first.weight *= deviation[None, :, None, None]


@torch.no_grad()
def psnr(vae, pictures):
    found = torch.cat([vae.decode(vae.encode(x).latents).sample for x in pictures.split(16)]).clamp(-1, 1)
    error = ((found - pictures) / 2).square().mean((1, 2, 3))
    return float((-10 * error.log10()).mean()), found


def work(rank, modules, shared, gate, a):
    (vae,) = modules
    torch.set_num_threads(1)
    steps, frozen, checkpoint = shared["steps"], shared["frozen"], a.out / "checkpoint.pt"
    seed = [rank, int(steps.sum())]
    r = np.random.default_rng(seed)
    torch.manual_seed(sum(seed))
    clean, defective = Pairs(a.data).load(["clean", "defective"])
    count = len(clean) - HELD_OUT
    held_out = to_tensor(np.concatenate([clean[count:], defective[count:]]))
    optimizer = torch.optim.AdamW(vae.parameters(), a.lr, betas=(0.9, 0.98), weight_decay=1e-4)
    if checkpoint.exists():
        optimizer.load_state_dict(torch.load(checkpoint)["optimizer"])
    clock, last, decoder_only = Clock(shared, rank, a.minutes), time.time(), bool(frozen[0])

    def save():
        state = {k: v.clone() for k, v in shared.items()}
        torch.save({"vae": vae.state_dict(), "optimizer": optimizer.state_dict(), "shared": state}, a.out / "unfinished.pt")
        os.replace(a.out / "unfinished.pt", checkpoint)

    while (progress := clock.progress()) < 1:
        if progress > ENCODER_UNTIL and not decoder_only:
            gate.wait(600)
            if rank == 0:
                some = np.sort(r.integers(0, count, 160))
                fold_moments(vae, to_tensor(np.concatenate([clean[some], defective[some]])))
                frozen[0] = 1
            gate.wait(600)
            optimizer.state.clear()
            decoder_only = True
        for parameter in vae.encoder.parameters():
            parameter.requires_grad_(not decoder_only)
        warm = min(1, (int(steps[rank]) + 1) / 100)
        optimizer.param_groups[0]["lr"] = a.lr * warm * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * progress)))

        wanted = crops(r, clean, defective, count, a.batch)
        with torch.set_grad_enabled(not decoder_only):
            latents = vae.encode(wanted).latents
        coded = latents
        if not decoder_only and r.random() < 0.15:  # half the latents must mean half the picture: easier to diffuse
            coded, wanted = F.avg_pool2d(latents, 2), F.avg_pool2d(wanted, 2)
        found = vae.decode(coded + LATENT_NOISE * torch.randn_like(coded)).sample
        loss = reconstruction_loss(found, wanted)
        shown = loss.item()
        if not decoder_only:
            far = (latents.abs() - 2.5).clamp(min=0).square().mean()
            loss = loss + MOMENT_WEIGHT * moment_loss(latents, shared) + 2e-4 * far
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        steps[rank] += 1
        if rank == 0 and time.time() - last > 60:
            last = time.time()
            found = f"loss {shown:.4f}  PSNR {psnr(vae, held_out[:32])[0]:.2f} dB"
            print(f"{progress:.0%}  steps {steps.tolist()}  {found}", flush=True)
            save()
    gate.wait(600)
    if rank == 0:
        save()
        finish(vae, held_out, int(steps.sum()), a)


def finish(vae, held_out, steps, a):
    value, found = psnr(vae, held_out)
    vae.register_to_config(scaling_factor=1.0)
    vae.save_pretrained(a.out)
    report = {"psnr": value, "steps": steps, "crops": steps * a.batch}
    (a.out / "report.json").write_text(json.dumps(report) + "\n")
    both = torch.cat([held_out[:10], found[:10]]).permute(0, 2, 3, 1).numpy()
    both = ((both + 1) * 127.5).clip(0, 255).astype(np.uint8)
    Image.fromarray(np.concatenate([np.concatenate(list(both[:10]), 1), np.concatenate(list(both[10:]), 1)])).save(
        a.out / "sheet.png"
    )
    print(report)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, default=20)
    p.add_argument("--batch", type=int, default=5, help="crops in a step of each process")
    p.add_argument("--lr", type=float, default=1e-3)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    vae = make_vae().to(memory_format=torch.channels_last)
    shared = {
        "steps": torch.zeros(2, dtype=torch.int64),
        "seconds": torch.zeros(1, dtype=torch.float64),
        "frozen": torch.zeros(1),
        "mean": torch.zeros(4),
        "square": torch.ones(4),
    }
    if (a.out / "checkpoint.pt").exists():
        saved = torch.load(a.out / "checkpoint.pt")
        vae.load_state_dict(saved["vae"])
        shared = saved["shared"]
        print("continues after", shared["steps"].tolist(), "steps")
    run_side_by_side(work, [vae], shared, a)


if __name__ == "__main__":
    main()
