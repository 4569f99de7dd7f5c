"""The files that data/england is made of, each found by its entry in sources.toml."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent


@dataclass
class Inputs:
    """A folder of source files, and a record of what was read from it.

    Parameters
    ----------
    folder
        Holds the files that sources.toml names.
    pedigree
        sources.toml: key -> file, title, publisher, ...
    read
        Key -> hash and number of rows of each file read so far.
    """

    folder: Path
    pedigree: dict[str, dict] = field(default_factory=dict)
    read: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pedigree = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))
        missing = [
            said["file"]
            for said in self.pedigree.values()
            if not (self.folder / said["file"]).is_file()
        ]
        if missing:
            raise SystemExit(f"{self.folder} lacks {', '.join(sorted(missing))}")

    def path(self, key: str, rows: int) -> Path:
        """Path of a source; its hash and number of rows are recorded."""
        path = self.folder / self.pedigree[key]["file"]
        self.read[key] = {"sha256": sha256(path), "rows": rows}
        return path

    def table(self, key: str, index: str = "") -> pd.DataFrame:
        """A CSV source as it is; indexed by one of its columns where that is named."""
        path = self.folder / self.pedigree[key]["file"]
        frame = pd.read_csv(path, low_memory=False)
        self.path(key, len(frame))
        return frame.set_index(index, verify_integrity=True) if index else frame


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
