"""The conversion from beginning to end. A folder that is not whole and checked is never left under its final name."""

import gc
import shutil
from pathlib import Path
from typing import Any

import torch

from .export import export_part
from .folder import write_config, write_surroundings
from .half import to_half
from .parts import Part, parts_of
from .progress import Progress
from .verify import reference_answers, verify


def convert(source: Path, index: dict[str, Any], out: Path, half: bool, progress: Progress) -> None:
    """Writes `out`, which must not exist. Raises ConversionRefused, and leaves nothing behind."""
    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    differences: dict[str, float] = {}
    try:
        with torch.no_grad():
            for part in parts_of(source, half):
                differences[part.name] = convert_part(part, unfinished, progress)
                del part
                gc.collect()
        progress.begin("write tokenizer and configs")
        write_surroundings(source, index, unfinished)
        size = seal(unfinished)
        unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    progress.say({"done": True, "folder": str(out), "bytes": size, "half": half, "differences": differences})


def convert_part(part: Part, out: Path, progress: Progress) -> float:
    """Returns how far the written network is from the checkpoint's, in deviations of its answer."""
    progress.begin(f"convert {part.name}")
    expected = reference_answers(part)
    if part.half:
        to_half(part.module)
    file = export_part(part, out / part.name)
    write_config(out / part.name, part.config)
    progress.begin(f"check {part.name}")
    return verify(part, file, expected)


def seal(folder: Path) -> int:
    """Returns the bytes of a finished folder. Weights are readable by whoever may read the graph beside them."""
    size = 0
    for file in folder.rglob("*"):
        if file.is_file():
            size += file.stat().st_size
            file.chmod(file.stat().st_mode | (folder.stat().st_mode & 0o444))
    return size
