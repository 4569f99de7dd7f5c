"""ODS: damaged and dangerous documents are refused."""

import io
import zipfile

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.readers.ods import look_through_ods

REPEATED = '<t:table table:name="x"><t:table-row table:number-rows-repeated="x"/></t:table>'


def packed(content: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("content.xml", content)
    return raw.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<a", "is damaged"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a.ods"),
        (
            '<t:table table:name="x"><t:table-row table:number-rows-repeated="x"/></t:table>',
            "is damaged",
        ),
    ],
)
def test_damaged_documents_are_refused(content, words):
    with pytest.raises(InputError, match=words):
        look_through_ods(packed(content), "a.ods")


def test_what_is_no_archive_is_refused():
    with pytest.raises(InputError, match="is no workbook"):
        look_through_ods(b"none", "a.ods")
