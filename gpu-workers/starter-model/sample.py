"""Draws with the trained networks in PyTorch, to look at them: text to image, inpaint, clean up, image to image.

    python sample.py --run ~/.cache/defect-studio/starter-model/unet --vae .../vae --out sheet.png
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, DDIMScheduler, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer

from networks import LATENT_SIDE, TOKENS
from renderer import DEFECTS, SURFACES, render_pair
from renderer.canvas import Canvas
from renderer.captions import DEFECT_WORDS
from renderer.masks import mask_around

COLOUR = {
    "brushed metal": "steel",
    "wood": "light",
    "fabric": "blue",
    "leather": "brown",
    "concrete": "gray",
    "ceramic tile": "white",
    "painted metal": "red",
    "circuit board": "green",
}


class Sampler:
    def __init__(self, run, vae, steps=20, guidance=3.0):
        run = Path(run)
        self.unet = UNet2DConditionModel.from_pretrained(run / "unet").to(memory_format=torch.channels_last).eval()
        self.text_encoder = CLIPTextModel.from_pretrained(run / "text_encoder").eval()
        self.tokenizer = CLIPTokenizer.from_pretrained(str(run / "tokenizer"))
        self.scheduler = DDIMScheduler.from_pretrained(run / "scheduler")
        self.vae = AutoencoderTiny.from_pretrained(vae).eval()
        self.steps, self.guidance = steps, guidance

    def condition(self, prompts):
        tokens = self.tokenizer(
            prompts, padding="max_length", max_length=TOKENS, truncation=True, return_tensors="pt"
        ).input_ids
        return self.text_encoder(input_ids=tokens).last_hidden_state

    @torch.no_grad()
    def draw(self, prompts, mask=None, masked=None, seed=0, initial=None, strength=1.0):
        """Pictures as uint8; `mask` [n,1,32,32], `masked` and `initial` are latents."""
        n = len(prompts)
        if mask is None:
            mask = torch.ones(n, 1, LATENT_SIDE, LATENT_SIDE)
            masked = self.encode(torch.zeros(1, 3, 4 * LATENT_SIDE, 4 * LATENT_SIDE)).expand(n, -1, -1, -1)
        text = torch.cat([self.condition([""]).expand(n, -1, -1), self.condition(prompts)])
        self.scheduler.set_timesteps(self.steps)
        times = self.scheduler.timesteps[self.steps - int(self.steps * strength) :]
        x = torch.randn(n, 4, LATENT_SIDE, LATENT_SIDE, generator=torch.Generator().manual_seed(seed))
        if initial is not None:
            x = self.scheduler.add_noise(initial, x, times[:1].expand(n))
        for t in times:
            seen = torch.cat([torch.cat([x, mask, masked], 1)] * 2).contiguous(memory_format=torch.channels_last)
            without, with_prompt = self.unet(seen, t, text, return_dict=False)[0].chunk(2)
            x = self.scheduler.step(without + self.guidance * (with_prompt - without), t, x, return_dict=False)[0]
        return to_bytes(self.vae.decode(x).sample)

    @torch.no_grad()
    def encode(self, pictures):
        return self.vae.encode(pictures).latents


def to_bytes(pictures):
    return ((pictures.clamp(-1, 1) + 1) * 127.5 + 0.5).byte().permute(0, 2, 3, 1).numpy()


def to_tensor(pictures):
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def row(pictures):
    return np.concatenate(list(pictures), 1)


def text_rows(sampler):
    surfaces = list(SURFACES)
    clean = [f"clean {COLOUR[s]} {s} surface" for s in surfaces]
    defects = [f"{COLOUR[s]} {s} with {DEFECT_WORDS[list(DEFECTS)[i % 7]][0]}" for i, s in enumerate(surfaces)]
    shifted = [f"{COLOUR[s]} {s} with {DEFECT_WORDS[list(DEFECTS)[(i + 4) % 7]][0]}" for i, s in enumerate(surfaces)]
    return [row(sampler.draw(p, seed=i)) for i, p in enumerate((clean, defects, shifted))]


def picture_rows(sampler):
    canvas, r = Canvas(), np.random.default_rng(5)
    pairs = [render_pair(900_000 + i, s, list(DEFECTS)[i % 7]) for i, s in enumerate(SURFACES)]
    masks = np.stack([mask_around(canvas, r, p.mask) for p in pairs])
    hole = torch.from_numpy(masks)[:, None].float()
    small = hole[:, :, ::4, ::4]
    clean, defective = to_tensor([p.clean for p in pairs]), to_tensor([p.defective for p in pairs])
    masked = sampler.encode(clean * (1 - hole))

    def pasted(drawn, source):
        return np.where(masks[..., None], drawn, to_bytes(source))

    names = [f"{p.colour} {p.surface}" for p in pairs]
    defect = [DEFECT_WORDS[p.defect][0] for p in pairs]
    inpainted = sampler.draw([f"{n} with {d}" for n, d in zip(names, defect)], small, masked, 1)
    cleaned = sampler.draw([f"clean {n} surface" for n in names], small, masked, 2)
    changed = sampler.draw([f"{n} with rust" for n in names], seed=3, initial=sampler.encode(clean), strength=0.6)
    rows = [to_bytes(clean * (1 - hole)), pasted(inpainted, clean), to_bytes(defective), pasted(cleaned, defective), changed]
    error = (pasted(cleaned, defective).astype(float) - to_bytes(clean)) ** 2
    inside = (error * masks[..., None]).sum((1, 2, 3)) / (masks.sum((1, 2)) * 3)
    fill = [np.where(m[..., None], p.clean[~m].mean(0), p.clean) for m, p in zip(masks, pairs)]
    flat = [(((f - p.clean) ** 2).sum() / (m.sum() * 3)) for f, p, m in zip(fill, pairs, masks)]
    report = {"clean_up_psnr": float((10 * np.log10(255**2 / inside)).mean())}
    report["mean_colour_fill_psnr"] = float((10 * np.log10(255**2 / np.array(flat))).mean())
    return [row(x) for x in rows], report


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, required=True)
    p.add_argument("--vae", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--steps", type=int, default=20)
    p.add_argument("--guidance", type=float, default=3.0)
    p.add_argument("--text-only", action="store_true")
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.set_grad_enabled(False)
    sampler = Sampler(a.run, a.vae, a.steps, a.guidance)
    rows = text_rows(sampler)
    if not a.text_only:
        more, report = picture_rows(sampler)
        rows += more
        print(report)
    Image.fromarray(np.concatenate(rows, 0)).save(a.out)


if __name__ == "__main__":
    main()
