"""The sentences that the text encoder learns from: the same few words in a few orders."""

DEFECT_WORDS = {
    "scratch": ["a scratch", "scratches"],
    "crack": ["a crack", "a crack"],
    "hole": ["a hole"],
    "stain": ["a stain", "a stain"],
    "dent": ["a dent"],
    "rust": ["rust", "a rust spot"],
    "contamination": ["contamination", "dirt particles"],
}


def caption(r, surface, colour, defect=None):
    name = f"{colour} {surface}" if r.random() < 0.7 else surface
    if defect is None:
        sentences = [f"clean {name} surface", f"clean {name}", f"{name} without defects", f"a photo of clean {name}"]
    else:
        what = r.choice(DEFECT_WORDS[defect])
        sentences = [
            f"{name} with {what}",
            f"{name} surface with {what}",
            f"a photo of {name} with {what}",
            f"{what} on {name}",
        ]
    return str(r.choice(sentences))
