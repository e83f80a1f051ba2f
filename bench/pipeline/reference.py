"""The side that the pipeline is compared with: diffusers on PyTorch, same weights, same threads, same request.

    python reference.py CHECKPOINT DEVICE THREADS   (one JSON order a line on standard input, one answer a line)
"""

import base64
import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import torch  # noqa: E402
from diffusers import StableDiffusionPipeline  # noqa: E402


def main() -> None:
    checkpoint, device, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(threads)
    pipeline = StableDiffusionPipeline.from_pretrained(checkpoint, local_files_only=True, use_safetensors=True)
    pipeline.to(device)
    pipeline.set_progress_bar_config(disable=True)
    for line in sys.stdin:
        order = json.loads(line)
        cpu, start = time.process_time(), time.perf_counter()
        image = pipeline(
            order["prompt"], negative_prompt=order["negativePrompt"], num_inference_steps=order["steps"],
            guidance_scale=order["guidanceScale"], height=order["side"], width=order["side"],
            generator=torch.Generator().manual_seed(order["seed"]),
        ).images[0]  # fmt: skip
        answer = {
            "wall": (time.perf_counter() - start) * 1000,
            "cpuSeconds": time.process_time() - cpu,
            "picture": base64.b64encode(image.tobytes()).decode(),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
