"""CLIP's text encoder with the answer of every layer, so that a prompt can be read some layers early (clip skip)."""

import torch
from transformers import CLIPTextModel


class LayeredTextEncoder(torch.nn.Module):
    """Answers, in this order: `last_hidden_state`; `hidden_states.N` and `normed_hidden_states.N` for N = 0 … layers.

    N = 0 is what enters the first layer, N = layers what leaves the last. The normed ones went through the norm at the
    end of the encoder, as diffusers does for clip skip; the last of them is `last_hidden_state` itself.
    """

    def __init__(self, model: CLIPTextModel) -> None:
        super().__init__()
        self.model = model
        text = getattr(model, "text_model", model)
        self.layers = list(text.encoder.layers)
        self.norm = text.final_layer_norm
        count = range(len(self.layers) + 1)
        self.outputs = [
            "last_hidden_state",
            *(f"hidden_states.{n}" for n in count),
            *(f"normed_hidden_states.{n}" for n in count),
        ]

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
        # Hooks, because what a version of transformers calls hidden states has the last norm in it or not.
        states: list[torch.Tensor] = []
        hooks = [layer.register_forward_pre_hook(self._keep(states), with_kwargs=True) for layer in self.layers]
        hooks.append(self.norm.register_forward_pre_hook(self._keep(states), with_kwargs=True))
        try:
            last = self.model(input_ids=input_ids).last_hidden_state
        finally:
            for hook in hooks:
                hook.remove()
        return (last, *states, *(self.norm(state) for state in states))

    @staticmethod
    def _keep(states: list[torch.Tensor]):
        def hook(_module: torch.nn.Module, inputs: tuple[torch.Tensor, ...], named: dict[str, torch.Tensor]) -> None:
            states.append(inputs[0] if inputs else named["hidden_states"])

        return hook
