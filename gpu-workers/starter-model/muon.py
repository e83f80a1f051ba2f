"""Muon: momentum whose direction is made orthogonal, for weight matrices (Jordan et al., 2024).

Convolutions count as matrices of output channels x the rest. The step is scaled so that its root mean
square is 0.2 times the learning rate, as AdamW's typically is.
"""

import torch

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # the quintic iteration of Muon's authors


class Muon:
    def __init__(self, parameters, momentum=0.95, weight_decay=0.01):
        self.parameters = parameters
        self.momentum, self.weight_decay = momentum, weight_decay
        self.buffers = [torch.zeros_like(p) for p in parameters]

    @torch.no_grad()
    def step(self, lr):
        for p, buffer in zip(self.parameters, self.buffers):
            if p.grad is None:
                continue
            buffer.mul_(self.momentum).add_(p.grad)
            direction = orthogonal(p.grad + self.momentum * buffer)
            rows, columns = p.shape[0], p.numel() // p.shape[0]
            p.mul_(1 - lr * self.weight_decay).add_(direction, alpha=-lr * 0.2 * max(rows, columns) ** 0.5)

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


def orthogonal(gradient, iterations=3):
    """Newton-Schulz: brings all singular values near 1.

    Each round multiplies by a polynomial of the Gram matrix. All these polynomials commute, so for a long
    matrix they are multiplied first, in its short dimension, and applied once.
    """
    matrix = gradient.reshape(gradient.shape[0], -1)
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    a, b, c = NEWTON_SCHULZ
    gram = x @ x.T
    product = None
    for i in range(iterations):
        polynomial = torch.addmm(gram, gram, gram, beta=b, alpha=c)
        polynomial.diagonal().add_(a)
        product = polynomial if product is None else polynomial @ product
        if i < iterations - 1:
            gram = polynomial @ gram @ polynomial
    x = product @ x
    return (x.T if tall else x).reshape(gradient.shape)
