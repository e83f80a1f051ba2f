"""The dual encoder: a convolutional image tower and a small text tower that meet in one space.

Networks of patches learned surfaces here but no defects; convolutions with a second task, to mark where the
defect is, learn both. What the marked places look like is pooled apart, so that a small crack is not averaged
away.
"""

import torch
from torch import nn
from torch.nn import functional as F

from matting_net import ConvBlock

FEATURES = 128  # of an embedding
TEXT_WIDTH = 96
MOST_TOKENS = 77


class ImageTower(nn.Module):
    """[n, 3, 128, 128] in -1..1 -> embeddings [n, FEATURES], logits [n, 1, 32, 32] of where a defect is."""

    def __init__(self, widths=(24, 40, 64, 96, 128)):
        super().__init__()
        a, b, c, d, e = widths
        self.fine = nn.Sequential(ConvBlock(3, a, 2), ConvBlock(a, b), ConvBlock(b, c, 2), ConvBlock(c, c))
        self.middle = nn.Sequential(ConvBlock(c, d, 2), ConvBlock(d, d))
        self.coarse = nn.Sequential(ConvBlock(d, e, 2), ConvBlock(e, e))
        self.join = ConvBlock(c + d, c)
        self.place = nn.Conv2d(c, 1, 1)
        self.head = nn.Sequential(nn.Linear(2 * e + c + d, 256), nn.ReLU(inplace=True), nn.Linear(256, FEATURES))

    def forward(self, pictures):
        fine = self.fine(pictures)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        near = self.join(torch.cat([fine, _twice(middle)], 1))
        place = self.place(near)
        marked = place.sigmoid()
        weight = marked / (marked.sum((2, 3), keepdim=True) + 1)
        pooled = [
            coarse.mean((2, 3)),
            coarse.amax((2, 3)),
            (near * weight).sum((2, 3)),
            (_twice(middle) * weight).sum((2, 3)),
        ]
        return self.head(torch.cat(pooled, 1)), place


class TextTower(nn.Module):
    """Token ids [n, t], filled up with `end`, -> embeddings [n, FEATURES]."""

    def __init__(self, words, end, layers=2):
        super().__init__()
        self.end = end
        self.tokens = nn.Embedding(words, TEXT_WIDTH)
        self.places = nn.Parameter(0.02 * torch.randn(MOST_TOKENS, TEXT_WIDTH))
        self.blocks = nn.ModuleList(Block(TEXT_WIDTH, 4) for _ in range(layers))
        self.norm = nn.LayerNorm(TEXT_WIDTH)
        self.head = nn.Linear(TEXT_WIDTH, FEATURES)

    def forward(self, ids):
        read = (ids != self.end).float()
        x = self.tokens(ids) + self.places[: ids.shape[1]]
        unread = (1 - read)[:, None, None, :] * -1e4
        for block in self.blocks:
            x = block(x, unread)
        return self.head((self.norm(x) * read[..., None]).sum(1) / read.sum(1, keepdim=True))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ask, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.think = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x, unread):
        n, t, width = x.shape
        q, k, v = self.ask(self.before(x)).view(n, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        scores = q @ k.transpose(2, 3) * (width // self.heads) ** -0.5 + unread
        x = x + self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, width))
        return x + self.think(self.between(x))


class DualEncoder(nn.Module):
    def __init__(self, words, end):
        super().__init__()
        self.image, self.text = ImageTower(), TextTower(words, end)
        self.log_scale = nn.Parameter(torch.tensor(2.7))

    def scale(self):
        return self.log_scale.clamp(max=4.6).exp()


def unit(x):
    return F.normalize(x, dim=-1)


def _twice(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")
