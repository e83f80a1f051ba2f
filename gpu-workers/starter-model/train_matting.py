"""Trains the net that removes backgrounds, on parts drawn by the renderer, and exports it.

    python train_matting.py --minutes 10 --out weights/matting
"""

import argparse
import json
import math
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from export_onnx import store_in_half
from matting_net import MattingNet
from renderer.canvas import Canvas
from renderer.parts import render_part

SIDE = 160  # pixels of the renders; batches are resized to SIDES
SIDES, SHARES = [112, 128, 160, 192], [0.2, 0.35, 0.3, 0.15]
HELD_OUT = 1_000_000  # first seed of pictures never trained on
MEAN, STD = 0.5, 0.5


def draw(seed):
    part = render_part(seed, Canvas(SIDE, SIDE, SIDE / 128))
    return part.picture, part.coverage


def to_tensor(pictures):
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def loss_of(logits, target):
    alpha = logits.sigmoid()
    overlap = (2 * (alpha * target).sum((1, 2, 3)) + 1) / ((alpha + target).sum((1, 2, 3)) + 1)
    return F.binary_cross_entropy_with_logits(logits, target) + (alpha - target).abs().mean() + 0.5 * (1 - overlap).mean()


def augmented(r, pictures, coverage):
    if r.random() < 0.5:
        pictures, coverage = pictures[:, :, ::-1], coverage[:, :, ::-1]
    if r.random() < 0.5:
        pictures, coverage = pictures[:, ::-1], coverage[:, ::-1]
    if r.random() < 0.5:
        pictures = pictures[..., r.permutation(3)]
    x, y = to_tensor(pictures), torch.from_numpy(np.ascontiguousarray(coverage)).float()[:, None] / 255
    side = int(r.choice(SIDES, p=SHARES))
    if side != SIDE:
        x = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
        y = F.interpolate(y, size=(side, side), mode="bilinear", antialias=True)
    contrast, shift = r.uniform(0.7, 1.2), r.uniform(-0.15, 0.15)
    return (x * contrast + shift).clamp(-1, 1).contiguous(memory_format=torch.channels_last), y


@torch.no_grad()
def evaluate(net, held_out):
    net.eval()
    pictures, coverage = np.stack([p for p, _ in held_out]), np.stack([c for _, c in held_out]) / 255.0
    alpha = torch.cat([net(x).sigmoid()[:, 0] for x in to_tensor(pictures).split(8)]).numpy()
    net.train()
    found, true = alpha > 0.5, coverage > 0.5
    iou = (found & true).sum((1, 2)) / np.maximum((found | true).sum((1, 2)), 1)
    return alpha, {
        "pictures": len(held_out),
        "iou": round(float(iou.mean()), 4),
        "iou_p10": round(float(np.percentile(iou, 10)), 4),
        "mean_absolute_difference": round(float(np.abs(alpha - coverage).mean()), 4),
    }


class Exported(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, image):
        return self.net(image).sigmoid()


def export(net, report, folder):
    folder.mkdir(parents=True, exist_ok=True)
    net.eval()
    torch.onnx.export(
        Exported(net),
        (torch.zeros(1, 3, SIDE, SIDE),),
        str(folder / "model.onnx"),
        input_names=["image"],
        output_names=["alpha"],
        dynamic_axes={"image": {0: "batch", 2: "height", 3: "width"}, "alpha": {0: "batch", 2: "height", 3: "width"}},
        opset_version=17,
        dynamo=False,
    )
    config = {
        "task": "matting",
        "input": "image",
        "output": "alpha",
        "input_size": SIDE,
        "size_multiple": 16,
        "mean": [MEAN] * 3,
        "std": [STD] * 3,
        "range": "RGB / 255, minus mean, by std",
        "held_out": report,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def sheet(held_out, alpha, file):
    from PIL import Image

    rows = []
    for i in range(0, 24, 12):
        pictures = np.stack([p for p, _ in held_out[i : i + 12]])
        cut = pictures * alpha[i : i + 12, ..., None] + np.array([255, 0, 255]) * (1 - alpha[i : i + 12, ..., None])
        rows += [np.concatenate(list(pictures), 1), np.concatenate(list(cut.astype(np.uint8)), 1)]
    Image.fromarray(np.concatenate(rows, 0)).save(file)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--minutes", type=float, default=10, help="of processor time")
    p.add_argument("--pictures", type=int, default=2000)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--workers", type=int, default=2, help="processes that draw")
    p.add_argument("--out", type=Path, default=Path(__file__).parent / "weights" / "matting")
    p.add_argument("--sheet", type=Path)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    r = np.random.default_rng(0)

    with ProcessPoolExecutor(a.workers) as pool:
        drawn = list(pool.map(draw, range(a.pictures), chunksize=50))
        held_out = list(pool.map(draw, range(HELD_OUT, HELD_OUT + 128), chunksize=16))
    pictures, coverage = np.stack([x for x, _ in drawn]), np.stack([y for _, y in drawn])
    net = MattingNet().to(memory_format=torch.channels_last)
    print("parameters", sum(w.numel() for w in net.parameters()), flush=True)

    optimizer = torch.optim.AdamW(net.parameters(), 2.5e-3, weight_decay=1e-3)
    start, last = time.process_time(), time.time()
    step, batch = 0, 12
    while (progress := (time.process_time() - start) / (60 * a.minutes)) < 1:
        optimizer.param_groups[0]["lr"] = 2.5e-3 * min(1, (step + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * progress))
        i = r.integers(0, a.pictures, batch)
        x, y = augmented(r, pictures[i], coverage[i])
        loss = loss_of(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if time.time() - last > 60:
            last = time.time()
            _, found = evaluate(net, held_out[:32])
            print(f"{progress:.0%}  step {step}  loss {loss.item():.3f}  {found}", flush=True)
            export(net, found, a.out)
            net.train()
    alpha, report = evaluate(net, held_out)
    report |= {"training_pictures": a.pictures, "steps": step, "batch": batch}
    print(report)
    export(net, report, a.out)
    store_in_half(str(a.out / "model.onnx"))
    if a.sheet:
        sheet(held_out, alpha, a.sheet)


if __name__ == "__main__":
    main()
