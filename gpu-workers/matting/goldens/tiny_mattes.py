"""Makes small nets with the signatures of ISNet, U2-Net and BiRefNet: right by construction, bright is the part.

usage: python tiny_mattes.py   (writes beside itself)
The two with several outputs give a wrong matte on all but the right one. A fourth gives its matte at half the
size, with the wrong names of a config to try, in half precision.
"""

import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
FLOAT, HALF = TensorProto.FLOAT, TensorProto.FLOAT16


def save(name, nodes, side, outputs, config, weights, kind=FLOAT, given="input"):
    size = lambda scale: [side // scale] * 2 if side else ["height", "width"]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(given, kind, [1, 3, *size(1)])],
        [helper.make_tensor_value_info(o, kind, shape or [1, 1, *size(1)]) for o, shape in outputs],
        [numpy_helper.from_array(np.asarray(v, np.float16 if kind == HALF else np.float32), k) for k, v in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    (folder / "config.json").write_text(json.dumps({"task": "matting", **config}) + "\n")


def logits(given="input", out="logits", slope=4.0, offset=0.0):
    """Mean of the channels, as the net sees them, times a slope."""
    return [helper.make_node("Conv", [given, "weight", "bias"], [out])], {
        "weight": np.full((1, 3, 1, 1), slope),
        "bias": np.full(1, offset),
    }


def sides(nodes, right, count, first):
    """`count` outputs, all the opposite of the right matte but one."""
    wrong = [f"side{i}" for i in range(1, count)]
    for name in wrong:
        nodes.append(helper.make_node("Sub", ["one", right], [name]))
    return [right, *wrong] if first else [*wrong, right]


# ISNet: fixed 1024 in life, 64 here; six sigmoids, the first is right, none reaches 0 or 1.
nodes, weights = logits()
nodes += [helper.make_node("Sigmoid", ["logits"], ["sure"]), helper.make_node("Mul", ["sure", "half"], ["shrunk"]), helper.make_node("Add", ["shrunk", "quarter"], ["d1"])]
save("tiny-isnet", nodes, 64, [(o, None) for o in sides(nodes, "d1", 6, True)], {"preset": "isnet"}, weights | {"half": [0.5], "quarter": [0.25], "one": [1]})

# U2-Net: fixed 320 in life, 64 here; seven sigmoids, the first is right. What it sees is centred on ImageNet's mean.
nodes, weights = logits("input.1", slope=2.0)
nodes += [helper.make_node("Sigmoid", ["logits"], ["1959"])]
save("tiny-u2net", nodes, 64, [(o, None) for o in sides(nodes, "1959", 7, True)], {"preset": "u2net"}, weights | {"one": [1]}, given="input.1")

# BiRefNet: any size here; the last output is right and is no alpha yet.
nodes, weights = logits("input_image", out="output_image", slope=2.0)
save("tiny-birefnet", nodes, None, [(o, None) for o in sides(nodes, "output_image", 3, False)], {"preset": "birefnet", "input_size": 96}, weights | {"one": [0]}, given="input_image")

# A net of somebody else: half precision, its matte at half the size without a channel, found by its name.
nodes, weights = logits("pixels")
nodes += [
    helper.make_node("Sigmoid", ["logits"], ["full"]),
    helper.make_node("AveragePool", ["full"], ["pooled"], kernel_shape=[2, 2], strides=[2, 2]),
    helper.make_node("Squeeze", ["pooled", "axis"], ["matte"]),
]
graph_weights = weights
save("tiny-other", [helper.make_node("Constant", [], ["axis"], value_ints=[1]), *nodes], 64, [("full", None), ("matte", [1, 32, 32])], {"output": "matte", "fit": "stretch"}, graph_weights, HALF, "pixels")
