"""The one way to say no: what is wrong with a checkpoint, and what to do about it."""


class ConversionRefused(Exception):
    """A sentence or two for the person who asked; nothing else is shown of it."""
