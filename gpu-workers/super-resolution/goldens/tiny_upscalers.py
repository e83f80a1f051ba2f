"""Makes small nets that enlarge: one for any size, one for pieces of 32 x 32 only, one whose config is wrong.

usage: python tiny_upscalers.py   (writes beside itself)
They repeat each pixel, so that the right answer is known.
"""

import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent


def save(name, scale, side, says=None):
    shape = lambda factor: [1, 3, *([side * factor] * 2 if side else [f"height{factor}", f"width{factor}"])]
    graph = helper.make_graph(
        [helper.make_node("Resize", ["x", "", "scales"], ["y"], mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")],
        "tiny",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape(1))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape(scale))],
        [numpy_helper.from_array(np.array([1, 1, scale, scale], np.float32), "scales")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    config = {"task": "super-resolution", "scale": says or scale, "tile": 64, "margin": 4}
    (folder / "config.json").write_text(json.dumps(config) + "\n")


save("tiny-upscaler", 2, None)
save("fixed-upscaler", 2, 32)
save("lying-upscaler", 2, None, says=3)
