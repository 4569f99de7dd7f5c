"""Files made of what was fetched: written whole, and left alone when nothing changed."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4


def write_new(path: Path, content: bytes) -> Path:
    """Write a file atomically, unless it already holds just this: then its date stays."""
    if path.is_file() and path.read_bytes() == content:
        return path
    fresh = path.with_name(f".{path.name}.{uuid4().hex[:8]}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path
