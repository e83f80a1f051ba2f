"""Writes schedulers.json: numbers from diffusers' schedulers, for the test of schedulers/.

usage: python schedulers.py   (writes beside itself)
Each case walks one sampler over all its steps with a made-up model: output = sin(x + t / 100), so that a wrong
time, order or history shows.
"""

import json
import pathlib

import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
)

CLASSES = {
    "DDIM": (DDIMScheduler, {}),
    "Euler": (EulerDiscreteScheduler, {}),
    "Euler a": (EulerAncestralDiscreteScheduler, {}),
    "DPM++ 2M": (DPMSolverMultistepScheduler, {}),
    "DPM++ 2M Karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
}
STABLE_DIFFUSION = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
}
CONFIGS = {
    "stable diffusion": STABLE_DIFFUSION,
    "v-prediction, trailing": {**STABLE_DIFFUSION, "prediction_type": "v_prediction", "timestep_spacing": "trailing"},
    "leading": {**STABLE_DIFFUSION, "timestep_spacing": "leading"},
    "linspace": {**STABLE_DIFFUSION, "timestep_spacing": "linspace"},
    "bare defaults": {},
    "zero terminal SNR": {
        **STABLE_DIFFUSION,
        "prediction_type": "v_prediction",
        "timestep_spacing": "trailing",
        "rescale_betas_zero_snr": True,
    },
}
STEPS = [1, 7, 20, 50]
BEGINS = [0, 3]


def case(name, config_name, steps, begin):
    make, extra = CLASSES[name]
    scheduler = make.from_config({**CONFIGS[config_name], **extra})
    scheduler.set_timesteps(steps)
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin)
    generator = torch.Generator().manual_seed(steps)
    original = torch.randn(24, generator=generator)
    noise = torch.randn(24, generator=generator)
    timesteps = scheduler.timesteps
    start = scheduler.add_noise(original, noise, timesteps[begin : begin + 1])
    sample = start.clone()
    for t in timesteps[begin:]:
        seen = scheduler.scale_model_input(sample, t)
        answer = torch.sin(seen + t / 100)
        options = {} if name == "DDIM" else {"generator": generator}
        sample = scheduler.step(answer, t, sample, return_dict=False, **options)[0]
    return {
        "scheduler": name,
        "config": config_name,
        "steps": steps,
        "begin": begin,
        "timesteps": [float(t) for t in timesteps],
        "initNoiseSigma": float(scheduler.init_noise_sigma),
        "start": start.tolist(),
        "final": sample.tolist(),
    }


cases = [
    case(name, config, steps, begin)
    for name in CLASSES
    for config in CONFIGS
    for steps in STEPS
    for begin in BEGINS
    if begin < steps
]
alphas = {
    name: [float(DDIMScheduler.from_config(c).alphas_cumprod[i]) for i in (0, 1, 500, 998, 999)]
    for name, c in CONFIGS.items()
}
out = {"configs": CONFIGS, "alphasCumprod": alphas, "cases": cases}


def short(value):
    """Nine digits hold a float32 whole."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [short(v) for v in value]
    return {k: short(v) for k, v in value.items()} if isinstance(value, dict) else value


text = json.dumps(short(out))
pathlib.Path(__file__).with_name("schedulers.json").write_text(text)
print(len(cases), "cases", len(text), "bytes")
