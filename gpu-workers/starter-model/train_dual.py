"""Trains the dual encoder behind *suggest prompts* on the renderer's pictures, and exports it.

    nice -n 19 python train_dual.py --minutes 22      of processor time; killed at any time it goes on

Each picture is compared with every phrase of each category, and with the other pictures' captions; a second
loss marks the defect. Seeds from 40,000,000 on, held out from 41,000,000 on: apart from all other data.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import labelled_photos as photos
from dual_encoder import DualEncoder, unit
from export_dual import export
from make_tokenizer import make_tokenizer

FIRST_SEED, HELD_OUT = 40_000_000, 41_000_000
CACHE = Path.home() / ".cache/defect-studio/starter-model/dual"
BATCH = 32


class Phrases:
    """The categories: for each its labels, and for each label the phrases that say it."""

    def __init__(self):
        materials = photos.materials()
        self.of = {
            "material": {m: [m, f"{m} surface", f"a photo of {m}"] for m in materials},
            "surface": {s: [s, f"{s} surface"] for s in photos.SURFACES},
            "defect": photos.DEFECT_PHRASES,
            "finish": photos.FINISH_PHRASES,
            "light": photos.LIGHT_PHRASES,
            "camera": photos.CAMERA_PHRASES,
        }
        self.labels = {category: list(found) for category, found in self.of.items()}

    def every(self):
        return [p for found in self.of.values() for phrases in found.values() for p in phrases]

    def offered(self):
        """What a person gets to see: one phrase for each label."""
        return {
            category: [phrases[0] for phrases in found.values()]
            for category, found in self.of.items()
            if category != "surface"
        }


def encode(tokenizer, texts):
    return tokenizer(texts, padding=True, truncation=True, max_length=77, return_tensors="pt").input_ids


def draw_batch(r, pool, phrases, size, plain=False):
    """Pictures [n, 3, s, s], masks [n, 1, s / 4, s / 4], and the label's number in each category."""
    pictures, masks = [], []
    labels = {category: [] for category in phrases.of}
    for i in r.integers(0, len(pool.defect), size):
        clean = r.random() < 0.2
        picture, mask = pool.clean[i] if clean else pool.defective[i], pool.mask[i] & (not clean)
        turns = r.integers(0, 8)
        picture, mask = (np.rot90(x[::-1] if turns > 3 else x, turns % 4) for x in (picture, mask))
        light = "even" if plain or r.random() < 0.4 else r.choice(phrases.labels["light"])
        camera = "wide" if pool.wide[i] else "sharp"
        if not plain and r.random() < 0.4:
            camera = r.choice(["blurred", "grainy", "close"])
        shown, mask = photos.photographed(r, np.ascontiguousarray(picture), np.ascontiguousarray(mask), light, camera)
        pictures.append(shown)
        masks.append(mask)
        row = {
            "material": pool.material[i],
            "surface": pool.surface[i],
            "defect": "clean" if clean else pool.defect[i],
            "finish": pool.surface[i],
            "light": light,
            "camera": camera,
        }
        for category, label in row.items():
            labels[category].append(phrases.labels[category].index(label))
    x = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2) * 2 - 1
    m = F.adaptive_max_pool2d(torch.from_numpy(np.stack(masks)).float()[:, None], x.shape[-1] // 4)
    return x.contiguous(memory_format=torch.channels_last), m, {k: torch.tensor(v) for k, v in labels.items()}


def caption_batch(r, phrases, labels):
    """For each picture a text of some of its labels in any order, and which pictures each text is true of."""
    n = len(labels["defect"])
    texts, true = [], torch.ones(n, n, dtype=torch.bool)
    for i in range(n):
        said = [str(r.choice(["material", "surface"])), "defect", *r.choice(["finish", "light", "camera"], r.integers(0, 4), False)]
        words = []
        for category in said:
            label = phrases.labels[category][labels[category][i]]
            words.append(str(r.choice(phrases.of[category][label])))
            true[i] &= labels[category] == labels[category][i]
        if r.random() < 0.5 and labels["defect"][i] > 0:
            words[:2] = [f"{words[0]} with {words[1]}"]
        if r.random() < 0.3:
            r.shuffle(words)
        texts.append(", ".join(words))
    return texts, true.float()


def loss_of(net, tokenizer, phrases, r, batch):
    pictures, masks, labels = batch
    texts, starts = [], {}
    for category, found in phrases.of.items():
        starts[category] = len(texts)
        texts += [str(r.choice(said)) for said in found.values()]
    captions, true = caption_batch(r, phrases, labels)
    image, place = net.image(pictures)
    text = unit(net.text(encode(tokenizer, texts + captions)))
    scores = net.scale() * unit(image) @ text.T
    loss = 0
    for category, found in phrases.of.items():
        weight = 2 if category == "defect" else 0.5 if category == "finish" else 1
        own = scores[:, starts[category] : starts[category] + len(found)]
        loss = loss + weight * F.cross_entropy(own, labels[category], label_smoothing=0.03)
    own = scores[:, len(texts) :].T
    by_text = -(true / true.sum(1, keepdim=True) * own.log_softmax(1)).sum(1).mean()
    by_picture = -(true / true.sum(0, keepdim=True) * own.log_softmax(0)).sum(0).mean()
    where = F.binary_cross_entropy_with_logits(place, masks, pos_weight=torch.tensor(3.0))
    overlap = (2 * (place.sigmoid() * masks).sum() + 1) / ((place.sigmoid() + masks).sum() + 1)
    return loss + (by_text + by_picture) / 2 + 2 * where + (1 - overlap)


@torch.no_grad()
def evaluate(net, tokenizer, phrases, pool):
    """Top-1 by category with the offered phrases: surface and defect on plain renders, light and camera on any."""
    net.eval()
    r = np.random.default_rng(1)
    right = {}
    for plain in (True, False):
        hits = {category: [] for category in phrases.of}
        for _ in range(len(pool.defect) // 40):
            pictures, _, labels = draw_batch(r, pool, phrases, 40, plain)
            image = unit(net.image(pictures)[0])
            for category, found in phrases.of.items():
                text = unit(net.text(encode(tokenizer, [said[0] for said in found.values()])))
                hits[category].append((image @ text.T).argmax(1) == labels[category])
        for category, found in hits.items():
            if (category in ("light", "camera")) != plain:
                right[category] = round(100 * float(torch.cat(found).float().mean()), 1)
    net.train()
    return right


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--minutes", type=float, default=22, help="of processor time, over restarts")
    p.add_argument("--most-photos", type=int, default=7000)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--cache", type=Path, default=CACHE)
    p.add_argument("--out", type=Path, default=Path(__file__).parent / "weights" / "image-text")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    a.cache.mkdir(parents=True, exist_ok=True)
    phrases = Phrases()
    tokenizer = make_tokenizer(a.cache / "tokenizer", [p.replace(",", " ") for p in phrases.every()] + [", with"])
    net = DualEncoder(len(tokenizer), tokenizer.eos_token_id).to(memory_format=torch.channels_last)
    print("parameters", sum(w.numel() for w in net.parameters()), "words", len(tokenizer), flush=True)
    optimizer = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.02)
    checkpoint, step, spent = a.cache / "checkpoint.pt", 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        step, spent = saved["step"], saved["spent"]
        print(f"going on at step {step}, {spent / 60:.1f} minutes", flush=True)
    r = np.random.default_rng(step)
    held_out = photos.render_photos(HELD_OUT, 400)
    # Fresh pictures keep coming while it trains; a restart draws others than before.
    next_seed = FIRST_SEED + 100 * step
    pool = photos.render_photos(next_seed, 1200)
    next_seed += 1200

    start, last = time.process_time() - spent, time.time()
    while (progress := (time.process_time() - start) / (60 * a.minutes)) < 1:
        if step % 25 == 0 and len(pool.defect) < a.most_photos:
            pool = photos.joined(pool, photos.render_photos(next_seed, 100))
            next_seed += 100
        rate = 2e-3 * min(1, (step + 1) / 100) * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * min(1, progress))))
        optimizer.param_groups[0]["lr"] = rate
        loss = loss_of(net, tokenizer, phrases, r, draw_batch(r, pool, phrases, BATCH))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        step += 1
        if time.time() - last > 240:
            last = time.time()
            spent = time.process_time() - start
            unfinished = checkpoint.with_suffix(".unfinished")
            torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "spent": spent}, unfinished)
            unfinished.rename(checkpoint)
            print(f"{progress:.0%} step {step} loss {loss.item():.3f} {evaluate(net, tokenizer, phrases, held_out)}", flush=True)
    report = {
        "held_out": evaluate(net, tokenizer, phrases, held_out),
        "held_out_pictures": 400,
        "steps": step,
        "batch": BATCH,
        "training_photos": len(pool.defect),
        "minutes": round((time.process_time() - start) / 60, 1),
    }
    print(json.dumps(report), flush=True)
    export(net, a.cache / "tokenizer", phrases.offered(), report, a.out)


if __name__ == "__main__":
    main()
