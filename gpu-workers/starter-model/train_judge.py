"""Trains the judge, calibrates what it calls clean, examines it on renders it never saw, and exports it.

    python train_judge.py --minutes 30

It learns from a good part and its defective twin side by side, before the generator is tuned and without
seeing anything that the generator drew. Goes on at the last checkpoint; prints its two figures at the end.
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
from torch.nn import functional as F

from judge_data import SIDE, load
from judge_net import Judge
from judge_verdicts import calibrate, examine, export
from muon import Muon
from side_by_side import Clock, run_side_by_side

HERE = Path(__file__).resolve().parent
CROP = 64
IGNORED = -100
DEFECT_PLACE_WEIGHT = 4.0  # a defect covers few of the places
AVERAGED_STEPS = 400
SAVE_EVERY = 60  # seconds


def batch_of(r, data, size, crop):
    """Twins: `size` good pictures, then the same with defects, all turned one way at random.

    Quarters about the defect (`crop`) teach four times as many samples in the same time. One that holds only
    a scrap of its defect has no state.
    """
    i = np.sort(r.integers(0, len(data.labels), size))
    mask = np.unpackbits(data.mask[i], axis=-1)
    clean, defective, labels = data.clean[i], data.defective[i], data.labels[i]
    if crop:
        corners = [corner_near(r, m) for m in mask]
        clean, defective, cut = (
            np.stack([x[k, y : y + CROP, x0 : x0 + CROP] for k, (y, x0) in enumerate(corners)])
            for x in (clean, defective, mask)
        )
        whole, mask = mask.sum((1, 2)), cut
    else:
        whole = mask.sum((1, 2))
    held = mask.sum((1, 2))
    scrap = (held > 0) & (held < np.minimum(0.4 * whole, 60))
    state = np.where(held == 0, 0, np.where(scrap, IGNORED, labels[:, 1]))
    pictures, mask = np.concatenate([clean, defective]), np.concatenate([np.zeros_like(mask), mask])
    if r.random() < 0.5:
        pictures, mask = pictures[:, :, ::-1], mask[:, :, ::-1]
    if r.random() < 0.5:
        pictures, mask = pictures[:, ::-1], mask[:, ::-1]
    if r.random() < 0.5:
        pictures, mask = pictures.transpose(0, 2, 1, 3), mask.transpose(0, 2, 1)
    x = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
    x = x.contiguous(memory_format=torch.channels_last)
    places = F.max_pool2d(torch.from_numpy(np.ascontiguousarray(mask)).float()[:, None], 2)[:, 0].long()
    kind = torch.from_numpy(np.concatenate([np.zeros(size, np.int64), labels[:, 1]]))
    return (
        varied(r, x),
        torch.from_numpy(np.concatenate([labels[:, 0]] * 2)),
        torch.from_numpy(np.concatenate([np.zeros(size, np.int64), state])),
        places * kind[:, None, None],
    )


def corner_near(r, mask):
    ys, xs = np.nonzero(mask)
    k = r.integers(len(ys))
    corner = np.array([ys[k], xs[k]]) - CROP // 2 + r.integers(-20, 21, 2)
    return np.clip(corner, 0, SIDE - CROP)


def varied(r, x):
    """Other exposures and tints; often softened, as by another lens or a decoder; a little noise."""
    n = len(x)
    x = x * torch.from_numpy(r.uniform(0.8, 1.2, (n, 1, 1, 1)) * r.uniform(0.94, 1.06, (n, 3, 1, 1))).float()
    x = x + torch.from_numpy(r.uniform(-0.12, 0.12, (n, 1, 1, 1))).float()
    if r.random() < 0.4:
        share = float(r.uniform(0.1, 0.6))
        soft = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)
        x = x + share * (soft - x) * 1.5
    return (x + torch.randn_like(x) * float(r.uniform(0, 0.04))).clamp(-1, 1)


def loss_of(judge, batch):
    pictures, surface, state, places = batch
    found = judge(pictures)
    weight = torch.where(places > 0, DEFECT_PLACE_WEIGHT, 1.0)
    place_loss = F.cross_entropy(found[2], places, reduction="none")
    return (
        F.cross_entropy(found[0], surface)
        + F.cross_entropy(found[1], state, label_smoothing=0.02)
        + 2 * (place_loss * weight).sum() / weight.sum()
    ), (found[1].argmax(1) == state)[state >= 0].float().mean().item()


def work(rank, modules, shared, gate, a):
    judge, averaged = modules
    torch.set_num_threads(1)
    steps, checkpoint = shared["steps"], a.out / "checkpoint.pt"
    r = np.random.default_rng([rank, int(steps.sum())])
    torch.manual_seed(2 * int(steps.sum()) + rank)
    data = load(a.data)
    matrices = [p for p in judge.parameters() if p.ndim == 4]
    muon = Muon(matrices, weight_decay=0.02)
    adam = torch.optim.AdamW([p for p in judge.parameters() if p.ndim != 4], a.lr, betas=(0.9, 0.99), weight_decay=0.01)
    clock, shown_at, right = Clock(shared, rank, a.minutes), time.time(), []
    while (progress := clock.progress()) < 1:
        rate = min(1, (int(steps[rank]) + 1) / 100) * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * progress)))
        adam.param_groups[0]["lr"] = a.lr * rate
        crop = r.random() > max(0, (progress - a.crop_until) / (1 - a.crop_until)) * 1.5
        loss, hits = loss_of(judge, batch_of(r, data, a.batch * (1 if not crop else 3), crop))
        adam.zero_grad(set_to_none=True)
        muon.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 5.0)
        adam.step()
        muon.step(a.muon * rate)
        steps[rank] += 1
        right.append(hits)
        if rank:
            continue
        keep = 1 - 1 / min(AVERAGED_STEPS, int(steps[0]) / 4 + 1)
        with torch.no_grad():
            for mean, now in zip(averaged.state_dict().values(), judge.state_dict().values()):
                mean.lerp_(now, 1 - keep) if mean.is_floating_point() else mean.copy_(now)
        if time.time() - shown_at > SAVE_EVERY:
            shown_at = time.time()
            print(f"{progress:.0%}  steps {steps.tolist()}  loss {loss.item():.3f}  state {np.mean(right[-300:]):.3f}", flush=True)
            save(judge, averaged, shared, checkpoint)
    gate.wait(600)
    if rank == 0:
        save(judge, averaged, shared, checkpoint)


def save(judge, averaged, shared, checkpoint):
    state = {"judge": judge.state_dict(), "averaged": averaged.state_dict(), "shared": dict(shared)}
    torch.save(state, checkpoint.with_name("unfinished.pt"))
    os.replace(checkpoint.with_name("unfinished.pt"), checkpoint)


def main():
    cache = Path.home() / ".cache/defect-studio/starter-model/judge"
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, default=cache)
    p.add_argument("--out", type=Path, default=cache)
    p.add_argument("--minutes", type=float, default=30, help="in all, over restarts")
    p.add_argument("--crop-until", type=float, default=0.55, help="share of the time on quarters alone")
    p.add_argument("--batch", type=int, default=8, help="pairs in a step of each process")
    p.add_argument("--lr", type=float, default=2e-3, help="AdamW's")
    p.add_argument("--muon", type=float, default=4e-3, help="Muon's learning rate")
    p.add_argument("--examined", type=int, default=1000, help="pairs that calibrate, and as many that examine")
    p.add_argument("--export", type=Path, default=HERE / "judge")
    a = p.parse_args()
    torch.manual_seed(0)
    judge = Judge().to(memory_format=torch.channels_last)
    averaged = copy.deepcopy(judge)
    shared = {"steps": torch.zeros(2, dtype=torch.int64), "seconds": torch.zeros(1, dtype=torch.float64)}
    if (a.out / "checkpoint.pt").exists():
        saved = torch.load(a.out / "checkpoint.pt")
        judge.load_state_dict(saved["judge"])
        averaged.load_state_dict(saved["averaged"])
        shared = saved["shared"]
        print("continues after", shared["steps"].tolist(), "steps")
    run_side_by_side(work, [judge, averaged], shared, a)
    torch.set_grad_enabled(False)
    averaged.eval()
    thresholds = calibrate(averaged, a.examined)
    report = examine(averaged, thresholds, a.examined)
    report |= {"training_pairs": len(load(a.data).labels), "steps": int(shared["steps"].sum()), "batch": 2 * a.batch}
    print(json.dumps(report, indent=2))
    export(averaged, thresholds, report, a.export)


if __name__ == "__main__":
    main()
