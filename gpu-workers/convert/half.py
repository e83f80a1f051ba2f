"""Half precision, with float32 kept where float16 loses the picture."""

import torch


class SingleNorm(torch.nn.Module):
    """A norm over a whole group of channels: sums of tens of thousands of squares, which float16 cannot hold."""

    def __init__(self, norm: torch.nn.GroupNorm) -> None:
        super().__init__()
        self.norm = norm.float()

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return self.norm(values.float()).to(values.dtype)


def to_half(module: torch.nn.Module) -> None:
    """Makes the module take, hold and give float16, except for the weights and sums of its group norms.

    Sines and cosines of the time are float32 whatever the weights are: diffusers sees to that.
    """
    module.half()
    keep_norms_single(module)


def keep_norms_single(module: torch.nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, torch.nn.GroupNorm):
            setattr(module, name, SingleNorm(child))
        else:
            keep_norms_single(child)
