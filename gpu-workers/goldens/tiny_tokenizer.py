"""Makes a CLIP tokenizer that knows a few words, for the checkpoints that only tests use."""

import collections
import json
import pathlib

from transformers import CLIPTokenizer

WORDS = (
    "a photo of steel wood leather fabric concrete tile paint with scratch crack hole stain dent rust on the surface "
    "brushed metal green circuit board clean low quality blurry macro light shadow grey blue red "
).lower()


def byte_letters() -> list[str]:
    """The 256 printable stand-ins for bytes of GPT-2's byte-level BPE."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    extra = iter(range(256, 512))
    return [chr(b) if b in kept else chr(next(extra)) for b in kept + [b for b in range(256) if b not in kept]]


def learn_merges(text: str, count: int) -> list[tuple[str, str]]:
    words = collections.Counter(text.split())
    pieces = {w: [*w[:-1], w[-1] + "</w>"] for w in words}
    merges: list[tuple[str, str]] = []
    for _ in range(count):
        pairs: collections.Counter[tuple[str, str]] = collections.Counter()
        for w, p in pieces.items():
            for pair in zip(p, p[1:]):
                pairs[pair] += words[w]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        for w, p in pieces.items():
            joined, i = [], 0
            while i < len(p):
                step = 2 if tuple(p[i : i + 2]) == best else 1
                joined.append("".join(p[i : i + step]))
                i += step
            pieces[w] = joined
    return merges


def make_tokenizer(folder: pathlib.Path) -> CLIPTokenizer:
    folder.mkdir(parents=True)
    letters, merges = byte_letters(), learn_merges(WORDS, 200)
    tokens = [*letters, *(c + "</w>" for c in letters), *("".join(m) for m in merges)]
    vocab = {t: i for i, t in enumerate(dict.fromkeys([*tokens, "<|startoftext|>", "<|endoftext|>"]))}
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(m) for m in merges) + "\n")
    marks = {"bos_token": "<|startoftext|>"} | {f"{k}_token": "<|endoftext|>" for k in ("eos", "unk", "pad")}
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "do_lower_case": True, **marks}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2))
    return CLIPTokenizer.from_pretrained(folder)
