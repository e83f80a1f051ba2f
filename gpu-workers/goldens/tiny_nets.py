"""Makes small ONNX files for tests: tiny-matting/ (bright is the part, dark the background), half.onnx, hungry.onnx.

usage: python tiny_nets.py   (writes beside itself)
half.onnx doubles a float16 tensor and adds an int32 and an int64 number, so that every cast is walked.
hungry.onnx makes as many zeros as it is asked for: more than there is memory, if one likes.
"""

import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent


def save(nodes, inputs, outputs, weights, file):
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(*i) for i in inputs],
        [helper.make_tensor_value_info(*o) for o in outputs],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    file.parent.mkdir(exist_ok=True)
    onnx.save(model, file)


picture = ["batch", 3, "height", "width"]
save(
    [
        helper.make_node("Conv", ["image", "weight"], ["brightness"]),
        helper.make_node("Sigmoid", ["brightness"], ["alpha"]),
    ],
    [("image", TensorProto.FLOAT, picture)],
    [("alpha", TensorProto.FLOAT, ["batch", 1, "height", "width"])],
    {"weight": np.full((1, 3, 1, 1), 4, np.float32)},
    HERE / "tiny-matting" / "model.onnx",
)
(HERE / "tiny-matting" / "config.json").write_text(
    json.dumps(
        {"task": "matting", "input_size": 64, "size_multiple": 16, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
        indent=2,
    )
)
save(
    [
        helper.make_node("Add", ["half", "half"], ["double"]),
        helper.make_node("Cast", ["whole"], ["whole_half"], to=TensorProto.FLOAT16),
        helper.make_node("Cast", ["long"], ["long_half"], to=TensorProto.FLOAT16),
        helper.make_node("Sum", ["double", "whole_half", "long_half"], ["sum"]),
    ],
    [
        ("half", TensorProto.FLOAT16, ["n"]),
        ("whole", TensorProto.INT32, [1]),
        ("long", TensorProto.INT64, []),
    ],
    [("sum", TensorProto.FLOAT16, ["n"])],
    {},
    HERE / "half.onnx",
)
save(
    [helper.make_node("ConstantOfShape", ["count"], ["zeros"])],
    [("count", TensorProto.INT64, [1])],
    [("zeros", TensorProto.FLOAT, ["n"])],
    {},
    HERE / "hungry.onnx",
)
