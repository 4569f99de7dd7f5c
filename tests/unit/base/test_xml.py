"""XML with document types is refused before an entity is resolved."""

from __future__ import annotations

from xml.parsers.expat import ExpatError

import pytest

from nhcplanner.base.xml import DoctypeError, count_elements

pytestmark = pytest.mark.unit


def test_elements_are_counted_by_tag(tmp_path):
    path = tmp_path / "graph.xml"
    path.write_text("<a:g xmlns:a='x'><n/><n/><e/></a:g>", encoding="utf-8")
    assert count_elements(path) == {"g": 1, "n": 2, "e": 1}


@pytest.mark.parametrize(
    "inside",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;"><!ENTITY x "&b;&b;&b;">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;',
        "",
    ],
)
def test_document_types_are_refused(tmp_path, inside):
    path = tmp_path / "graph.xml"
    path.write_text(f"<!DOCTYPE g [{inside}]><g>&x;</g>", encoding="utf-8")
    with pytest.raises(DoctypeError):
        count_elements(path)


def test_broken_xml_is_an_error_of_the_parser(tmp_path):
    path = tmp_path / "graph.xml"
    path.write_text("<g><n></g>", encoding="utf-8")
    with pytest.raises(ExpatError):
        count_elements(path)
