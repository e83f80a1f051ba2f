"""Attention as one operator of ONNX Runtime, so that the scores of all pairs of places are never written out.

PyTorch's exporter writes attention as two matrix products and a softmax, with a matrix of 4096 × 4096 scores per head
at 512 × 512 pixels between them. `com.microsoft::MultiHeadAttention` computes the same block by block (Dao et al.,
arXiv:2205.14135), in ONNX Runtime's CPU and CUDA providers alike.
"""

from typing import Any

import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import Attention

Graph = Any  # torch.onnx's builder and its values have no public types
Value = Any


class MultiHeadAttention(torch.autograd.Function):
    """softmax(q kᵀ / √d) v for each head (Vaswani et al., arXiv:1706.03762, eq. 1)."""

    @staticmethod
    def forward(ctx: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, heads: int) -> torch.Tensor:
        """query [batch, places, width], key and value [batch, tokens, width] → [batch, places, width]."""
        batch, places, width = query.shape

        def split(tensor: torch.Tensor) -> torch.Tensor:
            return tensor.view(batch, -1, heads, width // heads).transpose(1, 2)

        answer = F.scaled_dot_product_attention(split(query), split(key), split(value))
        return answer.transpose(1, 2).reshape(batch, places, width)

    @staticmethod
    def symbolic(graph: Graph, query: Value, key: Value, value: Value, heads: int) -> Value:
        answer = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads)
        # Only the number of dimensions is promised: the sizes seen while tracing must not become constants.
        return answer.setType(query.type().with_sizes([None, None, None]))


class FusedAttention:
    """Stands in for diffusers' attention of transformer blocks."""

    def __call__(
        self,
        attention: Attention,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        temb: torch.Tensor | None = None,
    ) -> torch.Tensor:
        require_plain(attention, attention_mask)
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        query, key, value = attention.to_q(hidden_states), attention.to_k(context), attention.to_v(context)
        answer = attend(query, key, value, attention)
        return attention.to_out[1](attention.to_out[0](answer))


class FusedPictureAttention:
    """Stands in for the attention in the middle of a VAE: over the places of a picture, with a norm and a way around."""

    def __call__(
        self,
        attention: Attention,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        temb: torch.Tensor | None = None,
    ) -> torch.Tensor:
        require_plain(attention, attention_mask)
        batch, channels, height, width = hidden_states.shape
        places = hidden_states.reshape(batch, channels, height * width)
        if attention.group_norm is not None:
            places = attention.group_norm(places)
        places = places.transpose(1, 2)
        query, key, value = attention.to_q(places), attention.to_k(places), attention.to_v(places)
        answer = attention.to_out[0](attend(query, key, value, attention))
        answer = answer.transpose(1, 2).reshape(batch, channels, height, width)
        if attention.residual_connection:
            answer = answer + hidden_states
        return answer / attention.rescale_output_factor


def attend(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attention: Attention) -> torch.Tensor:
    """Where the checkpoint asks for it (`upcast_attention`, as Stable Diffusion 2.1 does), scores are float32."""
    kept = value.dtype
    if attention.upcast_attention or attention.upcast_softmax:
        query, key, value = query.float(), key.float(), value.float()
    return MultiHeadAttention.apply(query, key, value, attention.heads).to(kept)


def require_plain(attention: Attention, mask: torch.Tensor | None) -> None:
    """None of the checkpoints served has any of these; one that has must not come out wrong without a word."""
    extras = {
        "a mask": mask,
        "a norm of queries": attention.norm_q,
        "a norm of the context": attention.norm_cross,
        "a spatial norm": attention.spatial_norm,
    }
    found = [name for name, part in extras.items() if part is not None and part is not False]
    if found:
        raise NotImplementedError(f"Attention with {' and '.join(found)} is not served.")
