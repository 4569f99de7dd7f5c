"""Write data/README.md, the data dictionary, from the schema."""

from __future__ import annotations

from pathlib import Path

from nhcplanner.domain.columns import markdown

if __name__ == "__main__":
    Path(__file__).with_name("README.md").write_text(markdown(), encoding="utf-8", newline="\n")
