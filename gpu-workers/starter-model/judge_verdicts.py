"""From the judge's answers to verdicts: when a picture counts as defective, and when a defect lies inside a mask.

Both thresholds are calibrated so that few good renders are called defective; an examination on renders of
other seeds says what they are worth.
"""

import json
from typing import NamedTuple

import numpy as np
import torch

from export_onnx import store_in_half
from judge_data import CALIBRATION_SEED, EXAMINATION_SEED, SIDE, STATES, draw_many
from judge_net import Answers
from renderer.canvas import Canvas
from renderer.masks import mask_anywhere, mask_around

STRONGEST = 24  # places of 2 x 2 pixels; the smallest defects cover about as many
ALLOWED = 0.02  # of good renders called defective in calibration; 0.03 is what an examination may find


class Answer(NamedTuple):
    surface: np.ndarray  # [n, 8]
    state: np.ndarray  # [n, 8]
    places: np.ndarray  # [n, 64, 64], share of a defect


@torch.no_grad()
def ask(judge, pictures):
    """`pictures`: [n, 128, 128, 3] uint8."""
    net = Answers(judge).eval()
    parts = []
    for i in range(0, len(pictures), 40):
        x = torch.from_numpy(np.ascontiguousarray(pictures[i : i + 40])).permute(0, 3, 1, 2).float() / 127.5 - 1
        parts.append([v.numpy() for v in net(x.contiguous(memory_format=torch.channels_last))])
    return Answer(*(np.concatenate(p) for p in zip(*parts)))


def inside(places, masks):
    """How sure it is of a defect inside each mask ([n, 128, 128] bool): the mean of the strongest places."""
    at_half = masks.reshape(len(masks), SIDE // 2, 2, SIDE // 2, 2).max((2, 4))
    seen = np.where(at_half, places, 0).reshape(len(masks), -1)
    return np.sort(seen, 1)[:, -STRONGEST:].mean(1)


def states(answer, thresholds):
    """Indices of STATES: clean, unless it is surer of a defect than of nearly every good render."""
    which = 1 + answer.state[:, 1:].argmax(1)
    return np.where(1 - answer.state[:, 0] > thresholds["defective"], which, 0)


def user_masks(drawn, first):
    canvas = Canvas()
    masks = np.unpackbits(drawn.mask, axis=-1).astype(bool)
    around, anywhere = [], []
    for i, mask in enumerate(masks):
        r = np.random.default_rng(first + i)
        around.append(mask_around(canvas, r, mask))
        anywhere.append(mask_anywhere(canvas, r))
    return np.stack(around), np.stack(anywhere)


def calibrate(judge, count):
    drawn = draw_many(CALIBRATION_SEED, count)
    around, anywhere = user_masks(drawn, CALIBRATION_SEED)
    clean = ask(judge, drawn.clean)
    both = np.concatenate([inside(clean.places, around), inside(clean.places, anywhere)])
    return {
        "defective": float(np.quantile(1 - clean.state[:, 0], 1 - ALLOWED)),
        "inside": float(np.quantile(both, 1 - ALLOWED)),
    }


def percent(hits):
    return round(100 * float(np.mean(hits)), 1)


def examine(judge, thresholds, count):
    """What the verdicts are worth on `count` pairs that nothing was trained or calibrated on."""
    drawn = draw_many(EXAMINATION_SEED, count)
    around, _ = user_masks(drawn, EXAMINATION_SEED)
    clean, defective = ask(judge, drawn.clean), ask(judge, drawn.defective)
    found_clean, found = states(clean, thresholds), states(defective, thresholds)
    surface = np.concatenate([clean.surface, defective.surface]).argmax(1) == np.tile(drawn.labels[:, 0], 2)
    kind = found == drawn.labels[:, 1]
    return {
        "pairs": count,
        "surface_percent": percent(surface),
        "state_percent": percent(np.concatenate([kind, (found_clean == 0)[: count // 7]])),
        "defect_found_percent": percent(found > 0),
        "clean_called_defective_percent": percent(found_clean > 0),
        "found_inside_mask_percent": percent(inside(defective.places, around) > thresholds["inside"]),
        "clean_found_inside_mask_percent": percent(inside(clean.places, around) > thresholds["inside"]),
        "by_defect": {s: percent(kind[drawn.labels[:, 1] == i]) for i, s in enumerate(STATES) if i},
    }


def export(judge, thresholds, report, folder):
    """judge.onnx (picture -> surface, state, places) and judge.json (thresholds, names, what it is worth)."""
    folder.mkdir(parents=True, exist_ok=True)
    file = str(folder / "judge.onnx")
    torch.onnx.export(
        Answers(judge).eval(),
        (torch.zeros(2, 3, SIDE, SIDE),),
        file,
        input_names=["picture"],
        output_names=["surface", "state", "places"],
        dynamic_axes={name: {0: "batch"} for name in ("picture", "surface", "state", "places")},
        opset_version=17,
        dynamo=False,
    )
    store_in_half(file)
    about = {"thresholds": thresholds, "strongest_places": STRONGEST, "examination": report}
    (folder / "judge.json").write_text(json.dumps(about, indent=2) + "\n")
