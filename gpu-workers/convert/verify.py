"""Runs a written network beside the one it was made from; a conversion that changed the numbers is refused."""

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from .export import in_precision
from .parts import Feeds, Part
from .refusal import ConversionRefused

# Largest difference on random inputs, over the answer's own deviation. Float32 differs by the order of its sums,
# float16 by its 11 bits.
TOLERANCE = {False: 1e-3, True: 5e-2}
# Other than the 2 of the export, so that a size that became a constant is seen.
OTHER_SIZES = (1, 3)


def reference_answers(part: Part) -> list[tuple[Feeds, list[np.ndarray]]]:
    """What the network answers in float32 on random inputs: asked for before it is made half."""
    torch.manual_seed(7)
    pairs = []
    for size in OTHER_SIZES:
        feeds = part.feeds(size)
        answers = part.module(*feeds.values())
        pairs.append((feeds, [a.numpy() for a in (answers if isinstance(answers, tuple) else (answers,))]))
    return pairs


def verify(part: Part, file: Path, expected: list[tuple[Feeds, list[np.ndarray]]]) -> float:
    """Returns the largest difference. Raises ConversionRefused when it is beyond the tolerance."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    worst = 0.0
    for feeds, answers in expected:
        given = {name: value.numpy() for name, value in in_precision(part, feeds).items()}
        for name, answer, found in zip(part.outputs, answers, session.run(part.outputs, given), strict=True):
            if found.shape != answer.shape:
                raise ConversionRefused(
                    f"The converted {part.name} gives {name} of {found.shape} where the checkpoint gives "
                    f"{answer.shape}. Nothing was kept; please report this checkpoint."
                )
            difference = float(np.abs(found.astype(np.float32) - answer).max() / max(answer.std(), 1e-12))
            # Written so that a NaN, which compares with nothing, is refused as well.
            if not difference <= TOLERANCE[part.half]:
                raise ConversionRefused(
                    f"The converted {part.name} is not the checkpoint's: {name} differs by {difference:.1e} of its "
                    f"deviation, more than {TOLERANCE[part.half]:.0e}. Nothing was kept."
                    + (" Convert it without --half." if part.half else "")
                )
            worst = max(worst, difference)
    return worst
