"""Writes schedulers.json: numbers from diffusers' schedulers, for the test of schedulers/.

usage: python schedulers.py   (writes beside itself; needs scipy, which diffusers integrates LMS with)
Each case walks one sampler over all its steps with a made-up model: output = sin(x + t / 100), so that a wrong
time, order or history shows. `timeSums` has the sum of the times for every count of steps, where a time that is
rounded to the wrong side shows.
"""

import json
import math
import pathlib
from typing import Any

import torch
from diffusers import DDIMScheduler
from reference_samplers import SAMPLERS, draws_noise, make_scheduler

STABLE_DIFFUSION = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
}
V_TRAILING = {**STABLE_DIFFUSION, "prediction_type": "v_prediction", "timestep_spacing": "trailing"}
CONFIGS: dict[str, dict[str, Any]] = {
    "stable diffusion": {"_class_name": "PNDMScheduler", "skip_prk_steps": True, **STABLE_DIFFUSION},
    "v-prediction, trailing": V_TRAILING,
    "leading": {**STABLE_DIFFUSION, "timestep_spacing": "leading"},
    "linspace": {**STABLE_DIFFUSION, "timestep_spacing": "linspace"},
    "bare defaults": {},
    "zero terminal SNR": {**V_TRAILING, "rescale_betas_zero_snr": True},
    "cosine, ends in noise": {"beta_schedule": "squaredcos_cap_v2", "final_sigmas_type": "sigma_min", "clip_sample": False},
    "predicts the picture": {**STABLE_DIFFUSION, "prediction_type": "sample"},
}
RUNS = [(1, 0), (2, 0), (7, 0), (7, 3), (20, 0), (20, 3)]
NUMBERS, KEPT = 24, 8
# Here `arange` goes one time too far, to −1: not a time that a model knows.
ONE_TOO_FAR = {61, 103, 121, 122}


def can(name: str, config: dict[str, Any], steps: int) -> bool:
    """What the reference serves."""
    if config.get("prediction_type") == "sample" and name in ("DPM2", "DPM2 Karras", "DPM2 a", "DPM2 a Karras", "Euler a"):
        return False
    return not (name == "LCM" and steps > 50)


def case(name: str, config_name: str, steps: int, begin: int) -> dict[str, Any]:
    scheduler = make_scheduler(name, CONFIGS[config_name])
    scheduler.set_timesteps(steps)
    index = begin * scheduler.order
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(index)
    generator = torch.Generator().manual_seed(steps)
    original = torch.randn(1, 1, 1, NUMBERS, generator=generator)
    noise = torch.randn(1, 1, 1, NUMBERS, generator=generator)
    timesteps = scheduler.timesteps
    start = scheduler.add_noise(original, noise, timesteps[index : index + 1])
    sample = start.clone()
    for t in timesteps[index:]:
        seen = scheduler.scale_model_input(sample, t)
        answer = torch.sin(seen + t / 100).float()
        options = {"generator": generator} if draws_noise(scheduler) else {}
        sample = scheduler.step(answer, t, sample, return_dict=False, **options)[0]
    return {
        "scheduler": name,
        "config": config_name,
        "steps": steps,
        "begin": index,
        "timesteps": [float(t) for t in timesteps] if steps <= 20 else [],
        "initNoiseSigma": float(scheduler.init_noise_sigma),
        "start": start.flatten().tolist()[:KEPT],
        "final": sample.flatten().tolist()[:KEPT],
    }


def is_finite(one: dict[str, Any]) -> bool:
    """The reference's ancestral steps give NaN where float32 leaves σ_down² a little below 0, as at 2 steps."""
    return all(math.isfinite(x) for key in ("timesteps", "start", "final") for x in one[key])


def time_sums(name: str, config_name: str) -> list[float | None]:
    scheduler = make_scheduler(name, CONFIGS[config_name])
    sums: list[float | None] = []
    for steps in range(1, 151):
        trailing = CONFIGS[config_name].get("timestep_spacing") == "trailing" and not name.startswith("DPM++ SDE")
        if not can(name, CONFIGS[config_name], steps) or (trailing and steps in ONE_TOO_FAR):
            sums.append(None)
            continue
        scheduler.set_timesteps(steps)
        sums.append(round(float(scheduler.timesteps.double().sum()), 1))
    return sums


def short(value: Any) -> Any:
    """Nine digits hold a float32 whole."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [short(v) for v in value]
    return {k: short(v) for k, v in value.items()} if isinstance(value, dict) else value


if __name__ == "__main__":
    cases = [
        case(name, config, *run)
        for name in SAMPLERS
        for config in CONFIGS
        for run in [*RUNS, *([(150, 0)] if config == "stable diffusion" else [])]
        if can(name, CONFIGS[config], run[0])
    ]
    cases = [one for one in cases if is_finite(one)]
    alphas = {
        name: [float(DDIMScheduler.from_config(c).alphas_cumprod[i]) for i in (0, 1, 500, 998, 999)]
        for name, c in CONFIGS.items()
    }
    sums = [
        {"scheduler": name, "config": config, "sums": time_sums(name, config)}
        for name in SAMPLERS
        for config in ("stable diffusion", "v-prediction, trailing", "leading")
    ]
    out = {"configs": CONFIGS, "alphasCumprod": alphas, "cases": cases, "timeSums": sums}
    text = json.dumps(short(out))
    pathlib.Path(__file__).with_name("schedulers.json").write_text(text)
    print(len(cases), "cases", len(text), "bytes")
