"""Fills one hole with pypatchmatch and prints how long that took; loading and saving are not counted.

usage: python pypatchmatch_once.py FOLDER WIDTH HEIGHT   (photo.bin and mask.bin in, filled.bin out, raw bytes)
Patches have the radius of ours, 3; the package's own default of 15 is about ten times slower.
"""

import json
import pathlib
import resource
import sys
import time

import numpy as np
import patchmatch

folder, width, height = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
photo = np.fromfile(folder / "photo.bin", np.uint8).reshape(height, width, 3)
mask = np.fromfile(folder / "mask.bin", np.uint8).reshape(height, width)
patchmatch.set_random_seed(1)


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


processor, start = processor_seconds(), time.perf_counter()
filled = patchmatch.inpaint(photo, mask, patch_size=3)
print(json.dumps({"seconds": time.perf_counter() - start, "cpuSeconds": processor_seconds() - processor}))
np.ascontiguousarray(filled, np.uint8).tofile(folder / "filled.bin")
