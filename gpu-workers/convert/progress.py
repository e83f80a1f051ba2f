"""Tells whoever started the conversion how far it is: one JSON object a line on standard output."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO

# Four networks, each written and then checked; at last the small files.
STEPS = 9


class Progress:
    """Counts steps. Standard output carries nothing else, so that a program can read it line by line."""

    def __init__(self, output: TextIO) -> None:
        self._step = 0
        self._output = output

    def begin(self, what: str) -> None:
        """Says what starts now; a step has ended when the next one begins."""
        self._step += 1
        self.say({"step": self._step, "of": STEPS, "what": what})

    def say(self, message: dict[str, object]) -> None:
        print(json.dumps(message, ensure_ascii=False), file=self._output, flush=True)


@contextmanager
def progress_on_stdout() -> Iterator[Progress]:
    """Gives a Progress the real standard output; whatever the libraries print goes to standard error meanwhile."""
    output = sys.stdout
    with redirect_stdout(sys.stderr):
        yield Progress(output)
