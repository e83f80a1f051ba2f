"""The UNet's training batches: latents, masks, captions, noise."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional as F

from networks import LATENT_SIDE, TOKENS

CROP = 16  # latents; early training sees quarters of the pictures, for four times as many samples
DEFECT_SHARE = 0.6
DEFECT_WEIGHT = 1.5  # of the loss near the defect, added to 1; with 4 defects came sooner and surfaces suffered
NO_PROMPT_SHARE = 0.1
EASY = ("hole", "rust")  # learned long before the others, so they are drawn less often
EASY_SHARE = 0.4  # of how often the others are


class Batch(NamedTuple):
    latents: torch.Tensor  # [n, 4, s, s], what the net is to find
    mask: torch.Tensor  # [n, 1, s, s], 1 where it draws
    masked: torch.Tensor  # [n, 4, s, s], latents of the picture with the mask gray
    weight: torch.Tensor  # [n, 1, s, s], of the loss
    prompts: torch.Tensor  # [u, 77], the different prompts
    prompt_of: torch.Tensor  # [n], which prompt belongs to which picture
    full: torch.Tensor  # [n] bool: text to image, the whole picture is masked


class Latents:
    """All encoded chunks; new ones are taken in by `refresh`."""

    def __init__(self, folder):
        self.folder, self.files = Path(folder), []
        self.gray = torch.from_numpy(np.load(self.folder / "gray.npy"))
        self.refresh()

    def refresh(self):
        files = []
        while (file := self.folder / f"latents-{len(files):03d}.npz").exists():
            files.append(file)
        if len(files) == len(self.files):
            return
        self.files = files
        chunks = [np.load(f) for f in files]

        def joined(name):
            return torch.from_numpy(np.concatenate([c[name] for c in chunks if name in c]))

        self.clean, self.defective = joined("clean"), joined("defective")
        self.around, self.anywhere = joined("around"), joined("anywhere")
        exact = F.max_pool2d(joined("exact").float()[:, None], 3, 1, 1)[:, 0]
        self.near_defect = exact * self.around
        self.defective_masked, self.clean_masked = joined("defective_masked"), joined("clean_masked")
        self.pairs, self.masked_pairs = len(self.clean), len(self.clean_masked)
        places = torch.arange(float(LATENT_SIDE))
        area = self.around.float().sum((1, 2)).clamp(min=1)
        self.middle = torch.stack(
            [
                (self.around.float().sum(2) * places).sum(1) / area,
                (self.around.float().sum(1) * places).sum(1) / area,
            ],
            1,
        )


class Captions:
    """Token ids of every different caption, and which one each pair has: clean, defective."""

    def __init__(self, captions, tokenizer):
        self.texts = sorted({c for pair in captions for c in pair[:2]})
        number = {c: i for i, c in enumerate(self.texts)}
        self.hard = np.array([not any(word in pair[1] for word in EASY) for pair in captions])
        self.of_pair = torch.tensor([[number[pair[0]], number[pair[1]]] for pair in captions])
        self.tokens = tokenizer(
            [*self.texts, ""], padding="max_length", max_length=TOKENS, truncation=True, return_tensors="pt"
        ).input_ids


def choose(which, one, other):
    return torch.where(which.view(-1, *([1] * (one.ndim - 1))), one, other)


def make_batch(r, latents, captions, size, full_share, crop):
    """Text-to-image samples have a full mask; the others fill a defect in or draw a good surface."""
    full = torch.from_numpy(r.random(size) < full_share)
    i = np.where(full, r.integers(0, latents.pairs, size), r.integers(0, latents.masked_pairs, size))
    again = ~captions.hard[i] & (r.random(size) > EASY_SHARE)
    i = torch.from_numpy(np.where(again, r.integers(0, latents.masked_pairs, size), i))
    j = i.clamp(max=latents.masked_pairs - 1)
    defective = torch.from_numpy(r.random(size) < DEFECT_SHARE)
    x = choose(defective, latents.defective[i], latents.clean[i]).float()

    # A mask around a defect with the clean picture behind it is what cleaning up asks for.
    around = defective | torch.from_numpy(r.random(size) < 0.6)
    mask = choose(around, latents.around[i], latents.anywhere[i]).float()[:, None]
    masked = choose(around, latents.defective_masked[j], latents.clean_masked[j]).float()
    on_defect = DEFECT_WEIGHT * latents.near_defect[i][:, None] * defective.float().view(-1, 1, 1, 1)
    weight = choose(full, torch.ones_like(mask), 0.15 + 1.35 * mask) + on_defect
    mask[full] = 1
    masked[full] = latents.gray

    if crop:
        x, mask, masked, weight = _crop(r, latents, i, full & ~defective, x, mask, masked, weight)
        inside = (LATENT_SIDE - CROP) // 2
        masked[full] = latents.gray[:, inside : inside + CROP, inside : inside + CROP]
    prompt = captions.of_pair[i, defective.long()]
    prompt = torch.where(torch.from_numpy(r.random(size) < NO_PROMPT_SHARE), len(captions.texts), prompt)
    different, prompt_of = prompt.unique(return_inverse=True)
    return Batch(x, mask, masked, weight, captions.tokens[different], prompt_of, full)


def _crop(r, latents, i, anywhere, *fields):
    """The same crop of every field: about the defect, or anywhere."""
    size = len(i)
    corner = latents.middle[i] - CROP / 2 + torch.from_numpy(r.uniform(-5, 5, (size, 2)))
    corner = corner.round().clamp(0, LATENT_SIDE - CROP).long()
    corner[anywhere] = torch.from_numpy(r.integers(0, LATENT_SIDE - CROP + 1, (size, 2)))[anywhere]
    return [
        torch.stack([f[k, :, y : y + CROP, x : x + CROP] for k, (y, x) in enumerate(corner.tolist())]) for f in fields
    ]


def choose_times(r, size, steps=1000):
    """Training times, spread over the batch; three in four from a bell about the middle, where shapes form."""
    spread = torch.from_numpy((r.permutation(size) + r.random(size)) / size).float()
    bell = torch.sigmoid(torch.erfinv((2 * spread - 1).clamp(-0.999, 0.999)) * 2**0.5 - 0.25)
    return (torch.where(torch.rand(size) < 0.75, bell, spread) * steps).long().clamp(0, steps - 1)
