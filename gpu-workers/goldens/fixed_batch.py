"""Makes fixed-batch.onnx: the inputs of a UNet exported for two rows at a time, with a time for each row.

usage: python fixed_batch.py   (writes fixed-batch.onnx beside itself; it answers sample · (1 + mean of the text) + time)
"""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

sample = helper.make_tensor_value_info("latents", TensorProto.FLOAT, [2, 4, "height", "width"])
times = helper.make_tensor_value_info("t", TensorProto.INT32, [2])
text = helper.make_tensor_value_info("text", TensorProto.DOUBLE, [2, 77, 8])
answer = helper.make_tensor_value_info("noise", TensorProto.FLOAT, [2, 4, "height", "width"])
constants = [
    numpy_helper.from_array(np.array([2, 1, 1, 1], np.int64), "per_row"),
    numpy_helper.from_array(np.array(1, np.float32), "one"),
]
nodes = [
    helper.make_node("ReduceMean", ["text"], ["text_mean"], axes=[1, 2], keepdims=1),
    helper.make_node("Cast", ["text_mean"], ["text_single"], to=TensorProto.FLOAT),
    helper.make_node("Reshape", ["text_single", "per_row"], ["text_row"]),
    helper.make_node("Add", ["text_row", "one"], ["factor"]),
    helper.make_node("Mul", ["latents", "factor"], ["scaled"]),
    helper.make_node("Cast", ["t"], ["t_single"], to=TensorProto.FLOAT),
    helper.make_node("Reshape", ["t_single", "per_row"], ["t_row"]),
    helper.make_node("Add", ["scaled", "t_row"], ["noise"]),
]
graph = helper.make_graph(nodes, "fixed_batch", [sample, times, text], [answer], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, pathlib.Path(__file__).parent / "fixed-batch.onnx")
