"""Trains one set of weights from several processes at once, each with one thread (Hogwild, Recht et al., 2011).

Two processes of one thread are faster here than two threads, above all when something else wants a core: a
thread that waits holds up its whole step, a process that waits holds up nobody. The weights and the numbers
in `shared` lie in shared memory; each process has its own optimizer.
"""

import time

import torch
import torch.multiprocessing as mp


def run_side_by_side(work, modules, shared, arguments, processes=2):
    """Calls work(rank, modules, shared, gate, arguments) in each process; rank 0 runs in this one."""
    torch.set_num_threads(1)
    for module in modules:
        module.share_memory()
    for value in shared.values():
        value.share_memory_()
    context = mp.get_context("spawn")
    gate = context.Barrier(processes)
    others = [
        context.Process(target=work, args=(rank, modules, shared, gate, arguments)) for rank in range(1, processes)
    ]
    for other in others:
        other.start()
    work(0, modules, shared, gate, arguments)
    for other in others:
        other.join()


class Clock:
    """Seconds trained so far, over restarts; rank 0 counts, the others read."""

    def __init__(self, shared, rank, minutes):
        self.seconds, self.rank, self.limit = shared["seconds"], rank, 60 * minutes
        self.last = time.time()

    def progress(self):
        now = time.time()
        if self.rank == 0:
            self.seconds += now - self.last
        self.last = now
        return float(self.seconds[0]) / self.limit
