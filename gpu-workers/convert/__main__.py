"""The command. Exit code 0 with a last line {"done": true, …}; else 1 with a last line {"error": "…"}."""

import argparse
import os
import sys
import traceback
from pathlib import Path

from .checkpoint_folder import check_folder
from .progress import Progress, progress_on_stdout
from .refusal import ConversionRefused

# Nothing is fetched, and nobody is told: the checkpoint lies on this machine.
os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TRANSFORMERS_VERBOSITY="error")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m convert", description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="checkpoint folder in diffusers' layout")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX folder to write; must not exist")
    parser.add_argument("--half", action="store_true", help="UNet and text encoder in float16")
    given = parser.parse_args()
    with progress_on_stdout() as progress:
        try:
            run(given.source.resolve(), given.out.resolve(), given.half, progress)
        except ConversionRefused as refusal:
            progress.say({"error": str(refusal)})
            return 1
        except MemoryError:
            progress.say({"error": "There is not enough memory to convert this checkpoint."})
            return 1
        except Exception as error:
            # The trace is for whoever repairs it; the line is for whoever waits.
            traceback.print_exc()
            progress.say({"error": f"{given.source} cannot be converted: {type(error).__name__}: {error}"})
            return 1
    return 0


def run(source: Path, out: Path, half: bool, progress: Progress) -> None:
    if out.exists():
        raise ConversionRefused(f"{out} is already there. Name another folder, or remove it.")
    index = check_folder(source)
    # Takes seconds to load: whoever is refused need not wait for it.
    from .conversion import convert

    convert(source, index, out, half, progress)


if __name__ == "__main__":
    sys.exit(main())
