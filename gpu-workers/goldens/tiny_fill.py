"""Makes the small hole-filling nets for tests: fixed.onnx (64 x 64, answers 0..255) and free.onnx (any size, 0..1).

usage: python tiny_fill.py   (writes tiny-fill/ beside itself)
Both fill the hole with the mean of what is known within 15 pixels, by two convolutions, as LaMa's export is called:
image [1, 3, h, w] 0..1 and mask [1, 1, h, w], white is the hole.
"""

import json
import pathlib

import onnx
import torch

HERE = pathlib.Path(__file__).parent / "tiny-fill"
RADIUS = 15


class MeanFill(torch.nn.Module):
    def __init__(self, white):
        super().__init__()
        self.white = white
        side = 2 * RADIUS + 1
        self.sum = torch.nn.Conv2d(4, 4, side, padding=RADIUS, groups=4, bias=False)
        torch.nn.init.constant_(self.sum.weight, 1.0)

    def forward(self, image, mask):
        known = 1 - mask
        sums = self.sum(torch.cat([image * known, known], 1))
        mean = sums[:, :3] / (sums[:, 3:] + 1e-6)
        return (image * known + mean * mask) * self.white


def export(name, white, config, free):
    folder = HERE / name
    folder.mkdir(parents=True, exist_ok=True)
    example = torch.rand(1, 3, 64, 64), torch.ones(1, 1, 64, 64)
    axes = {key: {2: "height", 3: "width"} for key in ("image", "mask", "output")} if free else None
    torch.onnx.export(
        MeanFill(white).eval(),
        example,
        folder / "model.onnx",
        input_names=["image", "mask"],
        output_names=["output"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(folder / "model.onnx"))
    (folder / "config.json").write_text(json.dumps({"task": "clean-up", **config}, indent=2) + "\n")


export("fixed", 255.0, {}, free=False)
export("free", 1.0, {"output_max": 1, "size_multiple": 16, "largest_side": 160}, free=True)
