"""The judge: says which surface a picture shows, whether it is clean or which defect it has, and where."""

import torch
from torch import nn
from torch.nn import functional as F

from judge_data import STATES
from matting_net import ConvBlock
from renderer import SURFACES


class Judge(nn.Module):
    """[n, 3, 128, 128] in -1..1 -> logits of the surface [n, 8], of the state [n, 8], of each place [n, 8, 64, 64].

    Other sizes that are multiples of 16 do, too.

    A thin scratch is two pixels wide, so nothing is thrown away at first: four pixels become twelve channels.
    The places, learned from exact masks, tell the rest what a defect looks like.
    """

    def __init__(self):
        super().__init__()
        self.at2 = nn.Sequential(nn.PixelUnshuffle(2), ConvBlock(12, 24), ConvBlock(24, 24))
        self.at4 = nn.Sequential(ConvBlock(24, 48, 2), ConvBlock(48, 48))
        self.at8 = nn.Sequential(ConvBlock(48, 80, 2), ConvBlock(80, 80))
        self.at16 = nn.Sequential(ConvBlock(80, 128, 2), ConvBlock(128, 128))
        self.up8 = nn.Sequential(nn.Conv2d(128 + 80, 64, 1), nn.ReLU())
        self.up4 = nn.Sequential(nn.Conv2d(64 + 48, 32, 1), nn.ReLU(), ConvBlock(32, 32))
        self.up2 = nn.Sequential(nn.Conv2d(32 + 24, 16, 1), nn.ReLU(), ConvBlock(16, 16))
        self.places = nn.Conv2d(16, len(STATES), 3, padding=1)
        self.surface = nn.Linear(2 * 128, len(SURFACES))
        self.state = nn.Sequential(
            nn.Linear(128 + 32 + len(STATES), 96), nn.ReLU(), nn.Linear(96, len(STATES))
        )

    def forward(self, pictures):
        half = self.at2(pictures)
        quarter = self.at4(half)
        eighth = self.at8(quarter)
        deep = self.at16(eighth)
        x8 = self.up8(torch.cat([_twice(deep), eighth], 1))
        x4 = self.up4(torch.cat([_twice(x8), quarter], 1))
        places = self.places(self.up2(torch.cat([_twice(x4), half], 1)))
        # The mean tells the texture; the strongest answers tell of a defect, however small in the picture.
        strongest = torch.cat([x.amax((2, 3)) for x in (deep, x4, places)], 1)
        texture = torch.cat([deep.mean((2, 3)), deep.amax((2, 3))], 1)
        return self.surface(texture), self.state(strongest), places


def _twice(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Answers(nn.Module):
    """What is exported: shares of each surface and state, and of a defect at each place [n, 64, 64]."""

    def __init__(self, judge):
        super().__init__()
        self.judge = judge

    def forward(self, picture):
        surface, state, places = self.judge(picture)
        return surface.softmax(1), state.softmax(1), 1 - places.softmax(1)[:, 0]
