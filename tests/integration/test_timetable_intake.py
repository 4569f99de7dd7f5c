"""A timetable that nobody can ride by is refused when a place is built, not when it is measured."""

import zipfile

import pytest

from nhcplanner import InputError, OwnFiles, build, layers

SOURCES = layers.demo_folder().parent / "sources"


def off_the_map(text: str) -> str:
    head, *rows = text.splitlines()
    column = head.split(",").index("stop_lat")
    cells = [row.split(",") for row in rows]
    return "\n".join([head, *(",".join([*c[:column], "0", *c[column + 1 :]]) for c in cells)])


@pytest.mark.parametrize(
    ("file", "spoil", "words"),
    [
        ("stop_times.txt", lambda text: text.replace("07:", "7.", 1), "is no time"),
        ("stops.txt", off_the_map, "lies off the map"),
        ("shapes.txt", lambda _: "0" * 60_000_000, "which unpacks to"),
    ],
)
def test_a_broken_feed_is_refused_and_nothing_is_written(tmp_path, file, spoil, words):
    feed = tmp_path / "feed.zip"
    with (
        zipfile.ZipFile(SOURCES / "gtfs.zip") as good,
        zipfile.ZipFile(feed, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        texts = {name: good.read(name).decode("utf-8-sig") for name in good.namelist()}
        for name, text in (texts | {file: spoil(texts.get(file, ""))}).items():
            packed.writestr(name, text)
    files = OwnFiles(SOURCES / "areas.gpkg", SOURCES / "sites.csv",
                     columns=SOURCES / "columns.toml", timetable=feed)  # fmt: skip
    with pytest.raises(InputError, match=words):
        build(files, tmp_path / "place")
    assert not (tmp_path / "place").exists()
