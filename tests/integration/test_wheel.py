"""The wheel alone: built, installed into an empty folder, and used away from any checkout."""

import json
import os
import signal
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ROOT = Path(__file__).parents[2]
DEMO = "nhcplanner/data/demo/place/"
STATIC = "nhcplanner.pages.map_view.static"
SECONDS = 120


def built(source: Path, target: str, out: Path) -> Path:
    """What hatchling builds of a folder, without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(out.iterdir())


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return built(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A folder that holds the wheel's files and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-compile", "--target", str(folder), str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def elsewhere(installed, tmp_path) -> Iterator[dict]:
    """How to run a program away from the checkout, at home where nothing can be written."""
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    home.chmod(0o555)
    folders = {"HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(installed)}
    yield {"cwd": work, "env": {**os.environ, **folders}}
    home.chmod(0o755)


def run(*words: str, **elsewhere) -> subprocess.CompletedProcess:
    command = [sys.executable, *words]
    return subprocess.run(
        command, capture_output=True, timeout=SECONDS, check=False, encoding="utf-8", **elsewhere
    )


def test_holds_the_package_its_data_and_licences_and_nothing_else(wheel):
    held = names(wheel)
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "nhcplanner").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert package <= held
    assert held >= {
        "nhcplanner/app.py", "nhcplanner/py.typed", "nhcplanner/data/README.md",
        "nhcplanner/data/scenarios/lowest-first.toml",
        "nhcplanner/outputs/maps/static/leaflet/LICENSE", "nhcplanner/data/england/layers.toml",
        "nhcplanner/data/england/areas.parquet", f"{DEMO}place.toml", f"{DEMO}areas.parquet",
        f"{DEMO}origins.parquet", f"{DEMO}sites.parquet", f"{DEMO}streets.npz", f"{DEMO}gtfs.zip",
    }  # fmt: skip
    others = {
        name for name in held - package
        if not name.startswith(("nhcplanner/data/", "nhcplanner-")) and name != "nhcplanner/app.py"
    }  # fmt: skip
    assert not others
    assert not [name for name in held if "test" in name or name.endswith(".pyc")]
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)


def test_is_the_same_when_built_from_the_source_distribution(wheel, tmp_path):
    source = built(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(source) as packed:
        packed.extractall(tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.name != "sdist")
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "LICENSE", "tests"):
        assert (unpacked / name).exists(), name
    assert names(built(unpacked, "wheel", tmp_path / "again")) == names(wheel)


def test_plans_the_demo_place_and_hands_it_in(installed, elsewhere):
    where = run("-c", "import nhcplanner; print(nhcplanner.__file__)", **elsewhere)
    assert Path(where.stdout.strip()) == installed / "nhcplanner" / "__init__.py"
    before = names_in(installed)
    demo = run("-m", "nhcplanner", "demo", "--out", "plan", **elsewhere)
    assert demo.returncode == 0, demo.stderr
    record = json.loads((elsewhere["cwd"] / "plan" / "plan.json").read_text("utf-8"))
    assert record["plan"]["status"] == "optimal"
    template = run("-m", "nhcplanner", "template", "sites.xlsx", **elsewhere)
    assert template.returncode == 0, template.stderr
    export = run(
        "-m", "nhcplanner", "export", "plan", "--out", "handin", "--formats", "csv,kml",
        "--seconds", "1", **elsewhere,
    )  # fmt: skip
    assert export.returncode == 0, export.stderr
    assert {path.suffix for path in (elsewhere["cwd"] / "handin").rglob("*")} >= {".csv", ".kml"}
    assert names_in(installed) == before


def names_in(folder: Path) -> set[str]:
    """Files but for what Python and numba compile."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.skipif(os.name != "posix", reason="ends the app by its group of processes")
def test_opens_the_app_and_serves_its_own_leaflet(elsewhere):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "nhcplanner", "app", "--headless", "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, start_new_session=True, **elsewhere
    ) as app:
        try:
            host = f"127.0.0.1:{port}"
            assert answer(f"http://{host}/_stcore/health", app) == b"ok"
            show(host, "need")
            script = answer(f"http://{host}/component/{STATIC}/leaflet/leaflet.js", app)
            assert b"Leaflet 1.9" in script[:200]
            script = answer(f"http://{host}/component/{STATIC}/view/map.js", app)
            assert b"export async function mount" in script
        finally:
            os.killpg(app.pid, signal.SIGKILL)


def show(host: str, page: str) -> None:
    """Open a page of the app as a browser does, and wait until all of it is told."""
    stream = f"ws://{host}/_stcore/stream"
    with connect(stream, subprotocols=["streamlit"], max_size=None) as session:
        session.send(BackMsg(rerun_script=ClientState(page_name=page)).SerializeToString())
        told = ""
        while told != "script_finished":
            told = ForwardMsg.FromString(session.recv(timeout=SECONDS)).WhichOneof("type")


def answer(address: str, server: subprocess.Popen) -> bytes:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as told:
                return told.read()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the app did not start")
