"""Encodes the training pairs once, so that the UNet's training needs no VAE.

    python encode_latents.py --data DATA --vae VAE --out LATENTS --chunks 32 --masked 16

Of the first `--masked` chunks it also encodes the pictures with their masked parts gray, for inpainting.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny

from make_pairs import Pairs


def touched(mask, side=4):
    """Which latents a mask touches, however little of them."""
    n, height, width = mask.shape
    return mask.reshape(n, height // side, side, width // side, side).any((2, 4))


def pixels(latents, side=4):
    return latents.repeat(side, 1).repeat(side, 2)


def encode_chunk(index, a):
    file = a.out / f"latents-{index:03d}.npz"
    if file.exists():
        return file.name
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    vae = AutoencoderTiny.from_pretrained(a.vae).to(memory_format=torch.channels_last).eval()
    chunk = Pairs(a.data).chunk(index)

    def encode(pictures, mask=None):
        out = []
        for i in range(0, len(pictures), 16):
            x = torch.from_numpy(pictures[i : i + 16]).permute(0, 3, 1, 2).float() / 127.5 - 1
            if mask is not None:
                x = x * torch.from_numpy(~mask[i : i + 16])[:, None]
            out.append(vae.encode(x.contiguous(memory_format=torch.channels_last)).latents.half().contiguous())
        return torch.cat(out).numpy()

    # A latent that a mask touches is redrawn whole, as the product's inpainting does.
    around, anywhere = touched(chunk["around"]), touched(chunk["anywhere"])
    found = {
        "clean": encode(chunk["clean"]),
        "defective": encode(chunk["defective"]),
        "exact": touched(chunk["mask"]),
        "around": around,
        "anywhere": anywhere,
    }
    if index < a.masked:
        found["defective_masked"] = encode(chunk["defective"], pixels(around))
        found["clean_masked"] = encode(chunk["clean"], pixels(anywhere))
    if index == 0:
        np.save(a.out / "gray.npy", vae.encode(torch.zeros(1, 3, 128, 128)).latents[0].numpy())
    unfinished = a.out / f"unfinished-{index}.npz"
    np.savez(unfinished, **found)
    unfinished.rename(file)
    return file.name


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--vae", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--chunks", type=int, default=32, help="of 250 pairs")
    p.add_argument("--masked", type=int, default=16)
    p.add_argument("--workers", type=int, default=2)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(a.workers) as pool:
        for name in pool.map(encode_chunk, range(a.chunks), [a] * a.chunks):
            print(name, flush=True)


if __name__ == "__main__":
    main()
