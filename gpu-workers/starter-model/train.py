"""Makes the starter model from nothing, or goes on where it stopped: judge, data, VAE, latents, UNet, matting, export.

    nice -n 19 python train.py --unet-minutes 90

Everything lies in --cache; each stage is skipped when it is done, and a stage that was killed goes on at its
last checkpoint. To train longer, run it again with more --unet-minutes: they count from the beginning.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def run(script, **options):
    command = [sys.executable, str(HERE / script)]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    print("+", " ".join(command[1:]), flush=True)
    # One thread a process: train_vae.py and train_unet.py run two processes.
    subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--cache", type=Path, default=Path.home() / ".cache/defect-studio/starter-model")
    p.add_argument("--pairs", type=int, default=8_000)
    p.add_argument("--chunks", type=int, default=32, help="of 250 pairs that the UNet learns from")
    p.add_argument("--judge-minutes", type=float, default=20)
    p.add_argument("--vae-minutes", type=float, default=20)
    p.add_argument("--unet-minutes", type=float, default=90)
    p.add_argument("--matting-minutes", type=float, default=10)
    p.add_argument("--out", type=Path, default=HERE / "weights" / "starter",
                   help="the matting net goes beside it, the judge beside their folder")  # fmt: skip
    a = p.parse_args()
    judge, data, vae, latents, unet = (a.cache / name for name in ("judge", "data", "vae", "latents", "unet"))

    # The judge comes first, so that nothing that the generator does can teach it.
    run("judge_data.py", out=judge)
    if not (judge / "exported").exists():
        run("train_judge.py", data=judge, out=judge, minutes=a.judge_minutes, export=a.out.parents[1] / "judge")
        (judge / "exported").touch()
    run("make_pairs.py", out=data, pairs=a.pairs)
    if not (vae / "report.json").exists():
        run("train_vae.py", data=data, out=vae, minutes=a.vae_minutes)
    run("encode_latents.py", data=data, vae=vae, out=latents, chunks=a.chunks, masked=a.chunks)
    run("train_unet.py", data=data, latents=latents, out=unet, minutes=a.unet_minutes)
    run("export_onnx.py", run=unet, vae=vae, out=a.out)
    if not (a.cache / "matting").exists():
        run("train_matting.py", minutes=a.matting_minutes, out=a.out.with_name("matting"))
        (a.cache / "matting").mkdir()


if __name__ == "__main__":
    main()
