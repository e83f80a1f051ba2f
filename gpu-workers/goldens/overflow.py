"""Makes overflow.onnx: takes and gives what a half-precision UNet does, and multiplies beyond what float16 holds.

usage: python overflow.py   (writes overflow.onnx beside itself)
"""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HALF = TensorProto.FLOAT16
sample = helper.make_tensor_value_info("sample", HALF, ["batch", 4, "height", "width"])
timestep = helper.make_tensor_value_info("timestep", TensorProto.INT64, [1])
text = helper.make_tensor_value_info("encoder_hidden_states", HALF, ["batch", "tokens", 32])
answer = helper.make_tensor_value_info("out_sample", HALF, ["batch", 4, "height", "width"])
large = numpy_helper.from_array(np.array(60000, np.float16), "large")
nodes = [
    helper.make_node("Mul", ["sample", "large"], ["once"]),
    helper.make_node("Mul", ["once", "large"], ["out_sample"]),
]
graph = helper.make_graph(nodes, "overflow", [sample, timestep, text], [answer], [large])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, pathlib.Path(__file__).parent / "overflow.onnx")
