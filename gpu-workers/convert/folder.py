"""What stands beside the networks in an ONNX folder: configs, tokenizer, scheduler and the index."""

import json
import shutil
from pathlib import Path
from typing import Any

from transformers import CLIPTokenizer
PARTS = ("text_encoder", "unet", "vae_encoder", "vae_decoder")
TOKENIZER_FILES = ("vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
LICENCE_FILES = ("about.json", "LICENSE", "LICENSE.md", "LICENSE.txt", "README.md")


def write_config(folder: Path, config: dict[str, Any]) -> None:
    """Paths of the machine that made the checkpoint do not belong into a config."""
    kept = {key: value for key, value in config.items() if key != "_name_or_path"}
    write_json(folder / "config.json", kept)


def write_surroundings(source: Path, index: dict[str, Any], out: Path) -> None:
    (out / "scheduler").mkdir()
    shutil.copy(source / "scheduler" / "scheduler_config.json", out / "scheduler")
    (out / "tokenizer").mkdir()
    for name in TOKENIZER_FILES:
        if (source / "tokenizer" / name).is_file():
            shutil.copy(source / "tokenizer" / name, out / "tokenizer")
    if not (out / "tokenizer" / "tokenizer_config.json").is_file():
        CLIPTokenizer.from_pretrained(source / "tokenizer", local_files_only=True).save_pretrained(out / "tokenizer")
    for name in LICENCE_FILES:
        if (source / name).is_file():
            shutil.copy(source / name, out)
    write_json(out / "model_index.json", onnx_index(index))


def onnx_index(index: dict[str, Any]) -> dict[str, Any]:
    """The index as ONNX folders in the wild have it, so that other programs read this one, too."""
    inpaints = "Inpaint" in str(index.get("_class_name"))
    networks = {part: ["diffusers", "OnnxRuntimeModel"] for part in PARTS}
    return {
        "_class_name": "OnnxStableDiffusionInpaintPipeline" if inpaints else "OnnxStableDiffusionPipeline",
        "feature_extractor": [None, None],
        "requires_safety_checker": False,
        "safety_checker": [None, None],
        "scheduler": index.get("scheduler", ["diffusers", "PNDMScheduler"]),
        "tokenizer": index.get("tokenizer", ["transformers", "CLIPTokenizer"]),
        **networks,
    }


def write_json(file: Path, value: dict[str, Any]) -> None:
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
