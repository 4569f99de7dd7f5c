"""Safe parsing of XML: document types are refused, as their entities can expand without limit.

Source: https://docs.python.org/3/library/xml.html#xml-vulnerabilities, and the defusedxml package.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.parsers import expat


class DoctypeError(ValueError):
    """An XML file declares a document type."""


def refuse_doctype(*_: object) -> None:
    """Raise `DoctypeError`; set it as `StartDoctypeDeclHandler` of an expat parser."""
    raise DoctypeError("holds a document type declaration")


def count_elements(path: Path) -> Counter[str]:
    """Count the elements of an XML file by tag, without keeping its content.

    Parameters
    ----------
    path
        The file; it is read in pieces.

    Raises
    ------
    DoctypeError
        If it declares a document type; no entity has been resolved by then.
    xml.parsers.expat.ExpatError
        If it is not well-formed XML.
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
