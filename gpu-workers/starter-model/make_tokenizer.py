"""Builds a CLIP tokenizer whose merges spell the captions' words, each as one token; other words fall into letters."""

import json
from pathlib import Path

from transformers import CLIPTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"


def byte_letters():
    """A printable letter for each byte: printable bytes stand for themselves, the rest from U+0100."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {b: chr(b) for b in printable}
    for b in range(256):
        if b not in letters:
            letters[b] = chr(256 + len(letters) - len(printable))
    return [letters[b] for b in [*printable, *(b for b in range(256) if b not in printable)]]


def merges_for(words):
    merges = []
    for word in words:
        pieces = [*word[:-1], word[-1] + "</w>"]
        for merge in merges:
            pieces = _apply(pieces, merge)
        while len(pieces) > 1:
            merge = (pieces[0], pieces[1])
            merges.append(merge)
            pieces = _apply(pieces, merge)
    return merges


def _apply(pieces, merge):
    out = []
    for piece in pieces:
        if out and (out[-1], piece) == merge:
            out[-1] += piece
        else:
            out.append(piece)
    return out


def make_tokenizer(folder, captions):
    """Writes the tokenizer's files to `folder` and returns it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    words = sorted({w for caption in captions for w in caption.lower().split()}, key=lambda w: (len(w), w))
    merges = merges_for(words)
    letters = byte_letters()
    pieces = dict.fromkeys([*letters, *(c + "</w>" for c in letters), *("".join(m) for m in merges), START, END])
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(m) for m in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_configs(folder)
    return CLIPTokenizer.from_pretrained(str(folder))


def write_configs(folder):
    """Which tokens begin, end and fill a prompt, in the two files that readers of CLIP tokenizers look for."""
    config = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": 77,
        "bos_token": START,
        "eos_token": END,
        "unk_token": END,
        "pad_token": END,
        "do_lower_case": True,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    special = {f"{k}_token": config[f"{k}_token"] for k in ("bos", "eos", "unk", "pad")}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n", encoding="utf-8")
