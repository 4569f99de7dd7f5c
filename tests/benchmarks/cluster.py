"""All ICBs of England for many scenarios on a Dask cluster over TLS: seconds and efficiency.

    python -m tests.benchmarks.cluster --scenarios 20 --workers 1 2 --out out/cluster

Scheduler and workers are processes of their own on this machine, with certificates of an authority
made here. Each run starts without stored results; the last one is repeated with them.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from nhcplanner import Scenario, load, scale, workflow

BASE = Scenario(mode="walk", engine="estimate", time_limit=20)


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as one:
        try:
            yield one
        finally:
            one.terminate()


def certificates(folder: Path) -> dict[str, str]:
    """Make an authority and a certificate of it, as the guide says."""
    folder.mkdir(parents=True, exist_ok=True)

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "rsa:3072", "-nodes")
    openssl("req", "-x509", *key, "-days", "1", "-subj", "/CN=authority", "-keyout", "ca.key",
            "-out", "ca.pem")  # fmt: skip
    openssl("req", *key, "-subj", "/CN=dask", "-keyout", "dask.key", "-out", "dask.csr")
    openssl("x509", "-req", "-in", "dask.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "1", "-out", "dask.pem")  # fmt: skip
    return {name: str(folder / name) for name in ("ca.pem", "dask.pem", "dask.key")}


@contextmanager
def cluster(workers: int, files: dict[str, str]) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Start a scheduler and workers over TLS; yield the scheduler's address and the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tls = ["--tls-ca-file", files["ca.pem"], "--tls-cert", files["dask.pem"], "--tls-key",
           files["dask.key"]]  # fmt: skip
    address, dask = f"tls://127.0.0.1:{port}", str(Path(sys.executable).with_name("dask"))
    common = ["--host", "127.0.0.1", "--no-dashboard", *tls]
    with ExitStack() as stack:
        stack.enter_context(
            process(dask, "scheduler", "--protocol", "tls", "--port", str(port), *common)
        )
        one = ["--nthreads", "1", "--nworkers", "1", "--no-nanny"]
        started = [
            stack.enter_context(process(dask, "worker", address, *one, *common))
            for _ in range(workers)
        ]
        yield address, [psutil.Process(each.pid) for each in started]


def scenarios(number: int) -> dict[str, Scenario]:
    """Counts of centres for all England, by two limits of minutes on foot."""
    steps = range(number)
    settings = {f"{n:02d}": [f"count={200 + 25 * (n // 2)}", f"reach={(15, 20)[n % 2]}"]
                for n in steps}  # fmt: skip
    return {name: BASE.with_settings(words) for name, words in settings.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", type=int, default=20)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--out", type=Path, default=Path("out/cluster"))
    asked = parser.parse_args()
    files = certificates(asked.out / "tls")
    os.environ |= {
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": files["ca.pem"],
        "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT": files["dask.pem"],
        "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY": files["dask.key"],
    }
    place, chosen = load(workflow.named_place("England")), scenarios(asked.scenarios)
    rows, tables = [], []
    for workers in asked.workers:
        out = asked.out / f"workers-{workers}"
        with cluster(workers, files) as (address, running):
            for again in (False, True) if workers == asked.workers[-1] else (False,):
                start, cpu = time.perf_counter(), time.process_time()
                done = scale.sweep_everywhere(
                    place, chosen, "icb_name", "people", out, scale.Executor(dask=address)
                )
                tables.append(done.parts)
                rows.append({
                    "workers": workers, "again": again,
                    "seconds": round(time.perf_counter() - start, 1),
                    "client_cpu_seconds": round(time.process_time() - cpu, 1),
                    "workers_cpu_seconds": round(sum(
                        sum(each.cpu_times()[:2]) for each in running), 1),
                    "load_average": round(os.getloadavg()[0], 1),
                    "scenarios": len(done.table), "plans": len(done.parts),
                    "proved": int(done.table["parts_proved"].sum()),
                    "from_store": done.from_store,
                })  # fmt: skip
                print(json.dumps(rows[-1]), flush=True)  # noqa: T201
    first = rows[0]["seconds"] * rows[0]["workers"]
    for row in [one for one in rows if not one["again"]]:
        row["efficiency"] = round(first / (row["seconds"] * row["workers"]), 2)
    same = all(one[["scenario", "part", "people_after", "centres"]].equals(
        tables[0][["scenario", "part", "people_after", "centres"]]) for one in tables)  # fmt: skip
    text = json.dumps({"rows": rows, "same_results": same}, indent=1)
    (asked.out / "cluster.json").write_text(text, encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
