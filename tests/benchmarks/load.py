"""A hosted app under load, and what is left of saved work when its parts are killed.

    python -m tests.benchmarks.load --sessions 50 --planners 10 --seconds 120 --out out/load

Each session is a websocket that speaks Streamlit's protocol, opens pages and thinks in between;
planners make plans with other counts as well. Then the database, a worker and the server are
killed in turn, and each session's plans are compared with those that it was told were saved.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs
from urllib.request import urlopen

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from nhcplanner.hosting.database import Database
from tests.integration import postgres

ROOT = Path(__file__).parents[2]
PAGES = ("", "need", "access", "sites", "plan", "method")
THINK = 10.0
"""Seconds between two pages of a session."""


@dataclass
class Visitor:
    """One browser: its cookie, its websocket, and what it saw.

    Parameters
    ----------
    address
        Of the app, "127.0.0.1:8501".
    """

    address: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    query: str = ""
    seconds: list[float] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    texts: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    socket: object = None

    async def open(self) -> None:
        """Connect, as a browser that opens an address does."""
        self.socket = await connect(
            f"ws://{self.address}/_stcore/stream",
            subprotocols=["streamlit"],
            additional_headers={"Cookie": f"nhcplanner-owner={self.secret}"},
            max_size=None,
            ping_interval=None,
            open_timeout=60,
        )

    async def show(self, page: str, press: str = "") -> float:
        """Draw a page, perhaps with a button pressed; return the seconds until it is drawn."""
        start, message = time.perf_counter(), BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = page
        if press:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.trigger_value = self.buttons[press], True
        await self.socket.send(message.SerializeToString())
        words, self.buttons = [], {}
        while True:
            reply = ForwardMsg()
            reply.ParseFromString(await asyncio.wait_for(self.socket.recv(), 180))
            kind = reply.WhichOneof("type")
            if kind == "page_info_changed":
                self.query = reply.page_info_changed.query_string
            elif kind == "delta" and reply.delta.WhichOneof("type") == "new_element":
                element = reply.delta.new_element
                if element.HasField("button"):
                    self.buttons[element.button.label] = element.button.id
                words.append(str(element))
            elif kind == "script_finished" and reply.script_finished == 0:
                break  # not one that was stopped for another
        self.texts = "".join(words)
        return time.perf_counter() - start

    async def plan(self) -> None:
        """Make a plan and wait until it is on screen, or its error is."""
        await self.show("plan")
        await self.show("plan", "Make the plan")
        for _ in range(300):
            await asyncio.sleep(1)
            await self.show("plan")
            if "Make the plan" in self.buttons and "Stop" not in self.buttons:
                return

    def work(self) -> str:
        """Return the id of the work in the address."""
        return parse_qs(self.query).get("work", [""])[0]


def start_app(folder: Path, port: int, database: str) -> subprocess.Popen:
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "NHCPLANNER_DATA": str(folder / "data"),
        "NHCPLANNER_DATABASE": database,
        "NHCPLANNER_WORKERS": "2",
        "NHCPLANNER_USER_WORKERS": "1",
        "NHCPLANNER_CPU_SECONDS": "300",
        "NHCPLANNER_METRICS_TOKEN": "0123456789abcdef",
    }
    command = [sys.executable, "-m", "nhcplanner", "app", "--headless", f"--port={port}"]
    log = (folder / "app.log").open("ab")
    app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    for _ in range(1200):
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
            return app
        time.sleep(0.1)
    raise RuntimeError("the app did not start")


def megabytes(app: subprocess.Popen) -> tuple[float, float]:
    """Return the memory of the server, and with its jobs."""
    server = psutil.Process(app.pid)
    own = server.memory_info().rss / 1e6
    jobs = 0.0
    for one in server.children(recursive=True):
        with suppress(psutil.Error):
            jobs += one.memory_info().rss / 1e6
    return own, own + jobs


async def look(visitor: Visitor, until: float, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(0, THINK))
    while time.monotonic() < until:
        visitor.seconds.append(await visitor.show(chance.choice(PAGES)))
        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK)


async def plan_again(visitor: Visitor, until: float, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(0, THINK))
    while time.monotonic() < until:
        await visitor.plan()
        visitor.plans.append("plan")
        await asyncio.sleep(1)


async def load(
    asked: argparse.Namespace, address: str, app: subprocess.Popen
) -> tuple[dict, list[Visitor]]:
    """Let the sessions work for a while; return the figures, and the visitors who plan."""
    chance = random.Random(1)
    visitors = [Visitor(address) for _ in range(asked.sessions)]
    warm = Visitor(address)
    await warm.open()
    for page in PAGES:
        await warm.show(page)
    for number, one in enumerate(visitors):
        one.query = f"engine=estimate&mode=drive&count={6 + number % 10}&time_limit=20"
        await one.open()
        await one.show("")
    until, most = time.monotonic() + asked.seconds, [0.0, 0.0]

    async def watch() -> None:
        while time.monotonic() < until:
            most[:] = map(max, most, megabytes(app))
            await asyncio.sleep(1)

    planners = visitors[: asked.planners]
    await asyncio.gather(
        watch(),
        *(look(one, until, chance) for one in visitors[asked.planners :]),
        *(plan_again(one, until, chance) for one in planners),
    )
    seconds = np.array([x for one in visitors for x in one.seconds])
    return {
        "sessions": asked.sessions,
        "planners": asked.planners,
        "pages": len(seconds),
        "median_seconds": round(float(np.median(seconds)), 2),
        "p95_seconds": round(float(np.percentile(seconds, 95)), 2),
        "most_seconds": round(float(seconds.max()), 2),
        "plans": sum(len(one.plans) for one in planners),
        "planners_served": [len(one.plans) for one in planners],
        "server_megabytes": round(most[0]),
        "megabytes_with_jobs": round(most[1]),
        "load_average": round(os.getloadavg()[0], 1),
    }, planners


def stored(database: str) -> dict[str, list[str]]:
    """Return the plans in the database by work."""
    found = {}
    for one in Database(database).records():
        if one.kind == "works":
            plans = json.loads(one.content)["plans"]
            found[one.name] = sorted(json.dumps(plan["opened"]) for plan in plans)
    return found


async def kill_database(one: Visitor, server: postgres.Server, database: str) -> dict:
    """Stop the database while a planner makes a plan, and start it again."""
    before = stored(database)
    await one.show("plan")
    server.kill()
    await one.show("plan", "Make the plan")
    told = await seen(one, lambda: "not saved" in one.texts)
    server.start()
    back = await seen(one, lambda: "not saved" not in one.texts)
    now = stored(database)
    others = {work: plans for work, plans in before.items() if work != one.work()}
    return {
        "database killed: the page says that changes are not saved": told,
        "database back: saved by itself": back and bool(now[one.work()]),
        "database: work of others is as before": all(now[w] == p for w, p in others.items()),
    }


async def kill_worker(two: Visitor, app: subprocess.Popen) -> dict:
    """Kill the process of a job, and make another plan."""
    await two.show("plan")
    await two.show("plan", "Make the plan")
    victim, most = None, 0.0
    for _ in range(20):
        await asyncio.sleep(0.1)
        for child in psutil.Process(app.pid).children():
            with suppress(psutil.Error):
                used = sum(child.cpu_times()[:2])
                victim, most = (child, used) if used > most else (victim, most)
    if victim is not None:
        with suppress(psutil.Error):
            victim.kill()
    ended = await seen(two, lambda: "Stop" not in two.buttons)
    told = "ended without an answer" in two.texts or "Centres open" in two.texts
    await two.plan()
    return {
        "worker killed: the page says so, or was done": ended and told,
        "worker: the next plan is made": "Centres open" in two.texts,
    }


async def kill_server(asked: argparse.Namespace, app: subprocess.Popen, port: int, database: str,
                      planners: list[Visitor]) -> dict:  # fmt: skip
    """Kill the server, start it again, and open the addresses of the planners."""
    before, address, opened = stored(database), f"127.0.0.1:{port}", []
    app.send_signal(signal.SIGKILL)
    app.wait()
    kept = stored(database) == before
    again = start_app(asked.out, port, database)
    try:
        for old in planners:
            new = Visitor(address, old.secret, f"work={old.work()}")
            await new.open()
            shown = await seen(new, lambda new=new: "Centres open" in new.texts)
            opened.append(shown and new.work() == old.work())
        return {
            "server killed: the database is as before": kept,
            "server back: the same addresses show their plans": f"{sum(opened)} of {len(opened)}",
            "server back: nothing saved is lost": stored(database) == before,
        }
    finally:
        again.terminate()


async def seen(visitor: Visitor, is_seen: Callable[[], bool]) -> bool:
    """Draw the plan page again until something is seen; return whether it was."""
    for _ in range(120):
        await visitor.show("plan")
        if is_seen():
            return True
        await asyncio.sleep(1)
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--planners", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--out", type=Path, default=Path("out/load"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    with postgres.server() as server:
        database = server.at("postgres")
        Database(database).migrate()
        app = start_app(asked.out, port, database)

        async def run() -> dict:
            figures, planners = await load(asked, address, app)
            print(json.dumps(figures), flush=True)  # noqa: T201
            killed = await kill_database(planners[0], server, database)
            killed |= await kill_worker(planners[1], app)
            return figures | killed | await kill_server(asked, app, port, database, planners)

        try:
            figures = asyncio.run(run())
        finally:
            app.kill()
    text = json.dumps(figures, indent=1)
    (asked.out / "load.json").write_text(text, encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
