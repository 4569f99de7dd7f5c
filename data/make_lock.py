"""Write the lock files: every package with its version and the hashes of its wheels.

Run by `make lock`, with `uv` next to this Python. Versions are kept if they still fit
pyproject.toml; `--upgrade` takes the newest versions that fit.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv.exe" if sys.platform == "win32" else "uv")
HEAD = "# Written by `make lock` from pyproject.toml: change it there.\n"
RUNTIME = ("--extra", "fast", "--extra", "postcodes")
BUILD = ("--group", "build")
HOSTING = ("--extra", "hosting")
DEV = ("--extra", "dev")


def main() -> None:
    """Write requirements.txt and its companions for build, development and tools."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    upgrade = parser.parse_args().upgrade
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        every = folder / "every.txt"
        pinned = "" if upgrade else "".join(map(_pins, ("", "-build", "-hosting", "-dev")))
        every.write_text(pinned, encoding="utf-8")
        # All of them share one environment, so they are resolved together first.
        _compile(every, RUNTIME, BUILD, HOSTING, DEV)
        runtime = _locked(folder, every, RUNTIME)
        build = _locked(folder, every, BUILD)
        hosting = _locked(folder, every, HOSTING)
        dev = _locked(folder, every, DEV)
        _write("", "What nhcplanner runs on.", runtime)
        _write("-build", "What installs nhcplanner itself from this folder.", build)
        words = "What a hosted app needs beyond it: sign-in and PostgreSQL."
        _write("-hosting", words, _without(hosting, runtime))
        words = "What the tests, the checks and the guide need beyond it."
        _write("-dev", words, _without(dev, runtime))
        tools = folder / "tools.txt"
        tools.write_text("" if upgrade else _pins("-tools"), encoding="utf-8")
        _compile(tools, ("--group", "tools"))
        words = "What writes the lock files and the bill of materials, in a place of its own."
        _write("-tools", words, _wheels(folder, tools))


def _without(packages: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in packages.items() if key not in known}


def _path(kind: str) -> Path:
    return ROOT / f"requirements{kind}.txt"


def _pins(kind: str) -> str:
    """The pins of a lock file, without hashes."""
    if not _path(kind).exists():
        return ""
    lines = _path(kind).read_text(encoding="utf-8").splitlines()
    return "".join(line.rstrip(" \\") + "\n" for line in lines if "==" in line)


def _compile(out: Path, *chosen: tuple[str, ...], constraints: Path | None = None) -> None:
    """Resolve what is chosen of pyproject.toml into pins for all platforms."""
    options = [option for one in chosen for option in one]
    source = [] if "--group" in options and "--extra" not in options else ["pyproject.toml"]
    more = ["-c", str(constraints)] if constraints else []
    _uv(*source, *options, *more, "--no-annotate", "--no-header", "-o", str(out))


def _locked(folder: Path, every: Path, chosen: tuple[str, ...]) -> dict[str, str]:
    out = folder / "chosen.txt"
    out.unlink(missing_ok=True)
    _compile(out, chosen, constraints=every)
    return _wheels(folder, out)


def _wheels(folder: Path, pins: Path) -> dict[str, str]:
    """Each pinned package -> its lines of a lock file, with the hashes of all its wheels."""
    lock = folder / "pylock.toml"
    lock.unlink(missing_ok=True)
    _uv(str(pins), "--format", "pylock.toml", "-o", str(lock))
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {f"{one['name']} {one.get('marker', '')}": _lines(one) for one in packages}


def _lines(package: dict[str, Any]) -> str:
    hashes = sorted(wheel["hashes"]["sha256"] for wheel in package["wheels"])
    marker = f" ; {package['marker']}" if "marker" in package else ""
    parts = [
        f"{package['name']}=={package['version']}{marker}",
        *(f"    --hash=sha256:{one}" for one in hashes),
    ]
    return " \\\n".join(parts) + "\n"


def _write(kind: str, words: str, packages: dict[str, str]) -> None:
    """Write a lock file; wheels only, so that nothing is built on the way."""
    above = "-r requirements.txt\n" if kind in ("-dev", "-hosting") else ""
    listed = "".join(packages[key] for key in sorted(packages))
    text = f"# {words}\n{HEAD}{above}--only-binary :all:\n{listed}"
    _path(kind).write_text(text, encoding="utf-8", newline="\n")


def _uv(*words: str) -> None:
    command = [str(UV), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    subprocess.run([*command, "--only-binary", ":all:", *words], check=True, cwd=ROOT)  # noqa: S603


if __name__ == "__main__":
    main()
