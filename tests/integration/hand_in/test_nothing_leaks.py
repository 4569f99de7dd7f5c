"""What leaves the machine names neither a folder of it, nor whose work it was made from."""

import io
import os
import shutil
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nhcplanner import layers, outputs, workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow import Delivery
from tests.pages.conftest import small_place

CANARY, UPLOAD = "canary-folder", "0123456789abcdef"
EFFORT = workflow.Effort(seconds=5)
ALL = sorted(outputs.WRITERS)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """A plan for a place, and by a table of speeds, that lie in a folder with a name to find."""
    hidden = tmp_path_factory.mktemp("x") / CANARY
    layers.write_place(small_place(), hidden / UPLOAD)
    speeds = hidden / "speeds.toml"
    speeds.write_text("walk_kmh = 4.5\n")
    scenario = Scenario(count=3, profile=str(speeds), time_limit=5)
    return workflow.run(workflow.load(hidden / UPLOAD), scenario)


@pytest.fixture(scope="module")
def left(outcome, tmp_path_factory):
    """Folders with all that leaves: the plan, the hand-in of it, and what the app packs."""
    made = tmp_path_factory.mktemp("left")
    workflow.write_results(outcome, made / "plan")
    shutil.copy(outcome.scenario.profile, made / "plan")
    workflow.export_hand_in(
        made / "plan", Delivery(made / "handin", ALL), effort=EFFORT,
        place_folder=outcome.place.folder,
    )  # fmt: skip
    packed = workflow.make_hand_in(outcome, ("plan", *ALL), EFFORT, lambda _: None)
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        archive.extractall(made / "app")
    return made


def texts(path, content):
    """All that a file holds, unpacked, as bytes."""
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.namelist():
                yield one.encode()
                yield from texts(Path(one), archive.read(one))
    elif path.suffix == ".parquet":
        table = pq.read_table(io.BytesIO(content))
        yield str(table.schema.metadata).encode()
        yield str([one for one in table.to_pydict().items() if one[0] != "geometry"]).encode()


def test_no_file_that_leaves_names_a_folder_of_this_machine(left):
    banned = [CANARY, str(Path.home()), str(Path.cwd()), str(left), os.path.realpath(left)]
    banned = [one for one in banned if len(one) > 3]
    files = [one for one in left.rglob("*") if one.is_file()]
    assert len(files) > 40
    found = {
        (one.relative_to(left).as_posix(), word)
        for one in files
        for text in texts(one, one.read_bytes())
        for word in banned
        if word.encode() in text or word.replace("\\", "\\\\").encode() in text
    }
    assert found == set()


def test_the_record_names_place_and_speeds_by_name_and_hash(left, outcome):
    record = layers.read_record(left / "plan")
    hashes = {one.layer: one for one in record.inputs}
    assert record.place.folder == UPLOAD
    assert hashes["profile"].file == "speeds.toml"
    assert len(hashes["place"].sha256) == 64
    assert Path(record.scenario.profile) == left / "plan" / "speeds.toml"  # lies beside it


def test_a_plan_with_its_own_speeds_is_the_same_again(left, outcome):
    assert workflow.rerun_plan(left / "plan", outcome.place.folder).words.startswith("Same centres")
