"""Makes 1,000 strange prompts and what transformers' CLIPTokenizer makes of them with CLIP's real vocabulary.

usage: python clip_tokens.py bpe_simple_vocab_16e6.txt.gz   (writes clip-merges.txt.gz and clip-tokens.json beside itself)

The vocabulary (MIT, OpenAI) comes with the PyPI package open-clip-torch:
  pip download open-clip-torch --no-deps && unzip open_clip_torch-*.whl 'open_clip/bpe_simple_vocab_16e6.txt.gz'
CLIP reads the first 48,894 merges of that list; they alone are kept, since every id follows from their order.

clip-tokens.json is a list of [prompt, how many ids it has without marks, the first 16 digits of the SHA-256 of the ids
joined by commas]. Lone surrogates are absent: the reference cannot read them.
"""

import gzip
import hashlib
import json
import pathlib
import random
import sys
import tempfile

from transformers import CLIPTokenizer

HERE = pathlib.Path(__file__).parent
MERGES = 49152 - 256 - 2
COUNT = 1000

PIECES = {
    "words": "steel scratch RUST Brushed Metal ceramic-tile macro photo 8k HDR bokeh f/1.8 3.5mm don't they're I'LL we've "
    "it's O'Neil's rock'n'roll café naïve Ünïcode façade Straße İstanbul ΣΑΣ ὈΔΥΣΣΕΎΣ ﬁne ﬀ ĳ ǆ Ⅷ ½ ² ₃ ㎏ ﷺ ａｂｃ１２３".split(),
    "korean": "강철 표면의 긁힘 녹슨 볼트 사진, 한국어 프롬프트 ㄱㄴㄷ 각 \u1112\u1161\u11ab".split(),
    "scripts": "金属の傷 錆びた鉄 ステンレス 不锈钢 划痕 السطح خدش מתכת เหล็ก धातु खरोंच металл царапина μέταλλο სამყარო ኢትዮጵያ ᏣᎳᎩ 𝔘𝔫𝔦 𝒳 𐍈".split(),
    "emoji": "🔩 🔧🔨 👩‍🏭 👨‍👩‍👧‍👦 🏴‍☠️ 🇰🇷🇩🇪 ❤️ ☠ ✔︎ 👍🏽 1️⃣ ©️ 🫠 🧑🏿‍🚒".split(),
    "invisible": ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u2028", "\u2029", "\u180e", "\u034f"],
    "spaces": [" ", "  ", "\t", "\n", "\r\n", "\v", "\f", "\u00a0", "\u3000", "\u2003", "\u202f", "\u205f", "\u1680", "\u0085", "\x1c", "\x1f"],
    "marks": ["e\u0301", "a\u0308\u0323", "n\u0303", "Z\u0351\u036b\u0343a\u0334\u0321", "\u0301", "o\u20d7", "각\u0308", "\u0627\u064b\u0651", "ก็้", "क्षि"],
    "control": ["\x00", "\x01", "\x07", "\x08", "\x1b[31m", "\x7f", "\x80", "\x9f", "\ufffd", "\ufffe", "\uffff", "\U000e0041", "\U0010ffff", "\ue000"],
    "numbers": "0 1 42 3.14159 1,000,000 1e-5 0xff ١٢٣ ４５６ 〇一二 ⅷ ⁴⁵ 12345678901234567890 1st 2ND 3.5mm² 50% #7 №9 𝟙𝟚".split(),
    "quotes": "' '' ''' 's 'S 't 're 've 'm 'll 'd 'x ’s ‘t’ “quoted” «guillemets» „low“ ` ´ \" \"\" 's's 'll've ''s n't".split(),
    "entities": "&amp; &lt;b&gt; &quot; &#39; &#x1F529; &nbsp; &amp;amp; &bogus; <b>bold</b> <br/> </w> <w> &lt;|endoftext|&gt;".split(),
    "marksup": "(word:1.2) ((deep)) [less] \\(escaped\\) {a|b} <lora:x:0.8> AND BREAK __wild__ a_b-c ,,, ... !!! ?! :: ;; -- —… •·∙ ~^|\\/".split(),
    "special": ["<|startoftext|>", "<|endoftext|>", "<|ENDOFTEXT|>", "<|endoftext", "|>", "<|", "<|startoftext|><|endoftext|>", "x<|endoftext|>y"],
    "long": ["a" * 300, "ab" * 120, "x1" * 60, "긁" * 90, "🔩" * 40, "!" * 150, "supercalifragilistic" * 9, "0" * 130, "é" * 70, "'" * 33],
}  # fmt: skip


def make_prompts():
    """COUNT different prompts: each piece alone, then random mixtures, then random code points."""
    chance = random.Random(20261123)
    prompts = dict.fromkeys(["", " ", "\n", *(piece for kind in PIECES.values() for piece in kind)])
    kinds = list(PIECES)
    while len(prompts) < COUNT - 150:
        chosen = chance.choices(kinds, weights=[8 if kind == "words" else 1 if kind == "long" else 3 for kind in kinds], k=chance.randint(2, 14))
        joint = chance.choice([" ", " ", "", ", ", "  "])
        prompts[joint.join(chance.choice(PIECES[kind]) for kind in chosen)] = None
    blocks = [(0x20, 0x7F), (0x80, 0x24F), (0x250, 0x5FF), (0x600, 0x1FFF), (0x2000, 0x2BFF), (0x2E80, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFFFF), (0x10000, 0x1FFFF), (0x20000, 0x2FA1F), (0xE0000, 0xE01EF)]  # fmt: skip
    while len(prompts) < COUNT:
        chosen = chance.sample(blocks, 2)
        prompts["".join(chr(chance.randint(*chance.choice(chosen))) for _ in range(chance.randint(1, 40)))] = None
    return list(prompts)


def byte_letters():
    """GPT-2's stand-ins for bytes, in the order in which CLIP numbers them: printable bytes first."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return [chr(byte) for byte in kept] + [chr(256 + i) for i in range(256 - len(kept))]


def make_tokenizer(merges):
    letters = byte_letters()
    pieces = [*letters, *(letter + "</w>" for letter in letters), *(merge.replace(" ", "") for merge in merges)]
    vocabulary = {piece: i for i, piece in enumerate([*pieces, "<|startoftext|>", "<|endoftext|>"])}
    assert len(vocabulary) == 49408
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "vocab.json").write_text(json.dumps(vocabulary))
        (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
        return CLIPTokenizer(vocab=str(folder / "vocab.json"), merges=str(folder / "merges.txt"))


merges = gzip.open(sys.argv[1]).read().decode().split("\n")[1 : MERGES + 1]
tokenizer = make_tokenizer(merges)
assert tokenizer("a photo of a cat").input_ids == [49406, 320, 1125, 539, 320, 2368, 49407]
rows = []
for prompt in make_prompts():
    ids = tokenizer(prompt, add_special_tokens=False).input_ids
    rows.append([prompt, len(ids), hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:16]])
(HERE / "clip-tokens.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
(HERE / "clip-merges.txt.gz").write_bytes(gzip.compress("\n".join(merges).encode(), 9, mtime=0))
print(len(rows), "prompts,", sum(row[1] for row in rows), "tokens, longest", max(row[1] for row in rows))
