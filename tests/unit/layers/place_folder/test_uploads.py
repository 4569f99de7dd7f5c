import io
import random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from nhcplanner import layers
from nhcplanner.base.errors import InputError
from nhcplanner.layers.place_folder import uploads


def zipped(members):
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return packed.getvalue()


def demo(inside=""):
    folder = layers.demo_folder()
    return {f"{inside}{one.name}": one.read_bytes() for one in folder.iterdir() if one.is_file()}


@pytest.mark.parametrize("inside", ["", "rutland/", "a/b/"])
def test_a_zipped_place_is_read_like_its_folder(tmp_path, inside):
    made = layers.unpack_place(zipped(demo(inside)), tmp_path / "place")
    assert layers.read_place(made).people == layers.read_place(layers.demo_folder()).people


def test_nothing_but_a_places_files_is_unpacked_and_nowhere_else(tmp_path):
    strange = {"../out.csv": "x", "/abs.csv": "x", "run.py": "x", "C:\\a.csv": "x"}
    layers.unpack_place(zipped({**demo(), **strange}), tmp_path / "in" / "place")
    names = {one.name for one in tmp_path.rglob("*") if one.is_file()}
    assert names == {one.name for one in layers.demo_folder().iterdir()}


def test_a_zip_without_a_place_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"holds 0 files place\.toml.*nhcplanner build"):
        layers.unpack_place(zipped({"areas.csv": "a,b"}), tmp_path / "place")
    assert not list(tmp_path.iterdir())


def test_what_is_packed_beyond_belief_is_refused(tmp_path):
    bomb = {**demo(), "sites.csv": b"0" * 30_000_000}
    with pytest.raises(InputError, match=r"sites\.csv, which unpacks to .* times its size"):
        layers.unpack_place(zipped(bomb), tmp_path / "place")


def test_an_archive_within_is_judged_too(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 600_000)
    with pytest.raises(InputError, match=r"streets\.npz: unpacks to more"):
        layers.unpack_place(zipped(demo()), tmp_path / "place")
    assert not list(tmp_path.iterdir())


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", {"areas": 100, "sites": 10**6, "origins": 10**6})
    with pytest.raises(InputError, match=r"areas\.parquet: has 250 rows, more than 100"):
        layers.unpack_place(zipped(demo()), tmp_path / "place")


def test_two_hundred_random_uploads_end_in_words(tmp_path):
    sound = zipped({**demo()})
    chance, said = random.Random(1), []
    for number in range(200):
        packed = bytearray(sound[: chance.randrange(len(sound))] if number % 2 else sound)
        for _ in range(1 + number % 30):
            if packed:
                packed[chance.randrange(len(packed))] = chance.randrange(256)
        target = tmp_path / str(number)
        try:
            layers.unpack_place(bytes(packed), target)
        except InputError as error:
            said.append("" if target.exists() else str(error))
    assert len(said) > 50
    assert all(said)
    assert not list(tmp_path.glob(".*"))


def test_members_that_are_not_unpacked_are_named_in_the_intake_record(tmp_path):
    strange = {"x/notes.docx": "x", "__MACOSX/x/._sites": "x", "x/.DS_Store": "x"}
    made = layers.unpack_place(zipped({**demo("x/"), **strange}), tmp_path / "place")
    found = layers.read_place(made).intake
    assert [one.summary() for one in found if one.passed_over] == [
        "in the zip: x/notes.docx: not used, not a file of a place"
    ]
    assert layers.read_place(made).intake == found


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Streets.npz", "streets.npz"),
        ("street.npz", "streets.npz"),
        ("GTFS.zip", "gtfs.zip"),
        ("matrix.parquet", "times/matrix.parquet"),
        ("times/matrx.parquet", "times/matrix.parquet"),
    ],
)
def test_misspelt_files_are_refused_in_a_zip_and_in_a_folder(tmp_path, name, own):
    members = {key: value for key, value in demo().items() if key != own}
    members[name] = b"x"
    with pytest.raises(InputError, match=f"{name}: is not a file of a place. Did you mean {own}"):
        layers.unpack_place(zipped(members), tmp_path / "place")
    folder = tmp_path / "folder"
    for key, value in members.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(value)
    with pytest.raises(InputError, match=f"{name}: is not a file of a place. Did you mean {own}"):
        layers.read_place(folder)


def test_other_files_of_a_folder_are_named_in_the_intake_record(tmp_path):
    folder = layers.unpack_place(zipped(demo()), tmp_path / "place")
    (folder / "sites.csv").write_text("site_id\n", encoding="utf-8")
    (folder / "gtfs-2019.zip").write_bytes(b"x")
    (folder / "read me.txt").write_text("x", encoding="utf-8")
    place = layers.read_place(folder)
    assert [one.summary() for one in place.intake if one.passed_over] == [
        "sites.csv: not used, sites.parquet is read instead",
        "in the place's folder: gtfs-2019.zip, read me.txt: not used, not files of a place",
    ]
    again = layers.read_place(layers.write_place(place, folder))
    assert again.intake == place.intake
