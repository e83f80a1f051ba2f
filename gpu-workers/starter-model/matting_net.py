"""The matting net: a small U-Net that sees a picture and says how much of each pixel the part covers."""

import torch
from torch import nn
from torch.nn import functional as F


class ConvBlock(nn.Sequential):
    def __init__(self, inputs, outputs, stride=1, dilation=1):
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride, dilation, dilation, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class MattingNet(nn.Module):
    """[n, 3, h, w] in -1..1 with h, w multiples of 16 -> logits [n, 1, h, w]."""

    def __init__(self, widths=(16, 32, 56, 88)):
        super().__init__()
        a, b, c, d = widths
        self.down1 = ConvBlock(3, a, 2)
        self.down2 = nn.Sequential(ConvBlock(a, b, 2), ConvBlock(b, b))
        self.down3 = nn.Sequential(ConvBlock(b, c, 2), ConvBlock(c, c))
        self.down4 = nn.Sequential(ConvBlock(c, d, 2), ConvBlock(d, d, dilation=2), ConvBlock(d, d, dilation=4))
        self.whole = nn.Sequential(nn.Conv2d(d, d, 1), nn.ReLU())
        self.up3 = ConvBlock(d + c, c)
        self.up2 = ConvBlock(c + b, b)
        self.up1 = ConvBlock(b + a, a)
        self.edge = nn.Sequential(ConvBlock(a + 3, 16), nn.Conv2d(16, 1, 3, 1, 1))

    def forward(self, picture):
        one = self.down1(picture)
        two = self.down2(one)
        three = self.down3(two)
        four = self.down4(three)
        # What the whole picture is like tells the background from the part.
        four = four + self.whole(four.mean((2, 3), keepdim=True))
        x = self.up3(torch.cat([_twice(four), three], 1))
        x = self.up2(torch.cat([_twice(x), two], 1))
        x = self.up1(torch.cat([_twice(x), one], 1))
        return self.edge(torch.cat([_twice(x), picture], 1))


def _twice(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
