"""Writes a network as an ONNX file, its weights beside it where they are large."""

from pathlib import Path

import onnx
import torch

from .parts import Feeds, Part

# The last opset of which every operator that the exporter writes has a kernel in ONNX Runtime 1.30, CPU and CUDA.
OPSET = 17
# A file of protobuf ends at 2 GiB; weights beside it may have any size, and are mapped instead of read.
MOST_INSIDE = 1_500_000_000
WEIGHTS = "model.onnx_data"
# Smaller constants stay in the graph, where ONNX Runtime can compute with them when it loads.
SMALLEST_BESIDE = 1024


def export_part(part: Part, folder: Path) -> Path:
    """Writes folder/model.onnx, and folder/model.onnx_data where the weights go beside. Returns the model's file."""
    scratch, file = folder / "scratch", folder / "model.onnx"
    scratch.mkdir(parents=True)
    feeds = in_precision(part, part.feeds(2))
    torch.onnx.export(
        part.module, tuple(feeds.values()), str(scratch / "model.onnx"), input_names=list(feeds),
        output_names=part.outputs, dynamic_axes=part.axes, opset_version=OPSET, dynamo=False,
        custom_opsets={"com.microsoft": 1},
    )  # fmt: skip
    model = onnx.load(str(scratch / "model.onnx"))
    beside = part.weights_beside or weight_bytes(model) > MOST_INSIDE
    onnx.save(
        model, str(file), save_as_external_data=beside, all_tensors_to_one_file=True, location=WEIGHTS,
        size_threshold=SMALLEST_BESIDE,
    )  # fmt: skip
    for leftover in scratch.iterdir():
        leftover.unlink()
    scratch.rmdir()
    return file


def in_precision(part: Part, feeds: Feeds) -> Feeds:
    """The feeds as the part takes them: a half part takes float16, but for whole numbers and times."""
    halved = {name for name, value in feeds.items() if part.half and value.is_floating_point() and name != "timestep"}
    return {name: value.half() if name in halved else value for name, value in feeds.items()}


def weight_bytes(model: onnx.ModelProto) -> int:
    return sum(len(weights.raw_data) for weights in model.graph.initializer)
