"""XML: refuse document types, whose entities may unfold without end or name other files.

Source: https://docs.python.org/3/library/xml.html#xml-vulnerabilities, and the defusedxml package.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.parsers import expat


class DoctypeError(ValueError):
    """An XML file declares a document type."""


def refuse_doctype(*_: object) -> None:
    """Raise `DoctypeError`: give it to a parser of expat as `StartDoctypeDeclHandler`."""
    raise DoctypeError("holds a document type declaration")


def count_elements(path: Path) -> Counter[str]:
    """Count the elements of an XML file by their tag, without keeping any of it.

    Parameters
    ----------
    path
        The file; it is read in pieces.

    Raises
    ------
    DoctypeError
        Where it declares a document type, before any entity is resolved.
    xml.parsers.expat.ExpatError
        Where it is no sound XML.
    """
    counts: Counter[str] = Counter()

    def count(tag: str, _: object) -> None:
        counts[tag.rpartition(":")[2]] += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = count
    parser.StartDoctypeDeclHandler = refuse_doctype
    with path.open("rb") as opened:
        parser.ParseFile(opened)
    return counts
