"""Hand-ins of every model agree with themselves, and one changed figure in any file is found."""

import json
import os
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from nhcplanner import explore, workflow
from nhcplanner.cli.commands import app
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import WRITERS, write_handin
from nhcplanner.verify import check_hand_in
from nhcplanner.workflow.edit import edit_plan
from tests.integration.hand_in.changes import KINDS, change_one
from tests.integration.hand_in.scenarios import (
    PLACES,
    export,
    made_place,
    one_point,
    random_effort,
    random_scenario,
)

RUNS = int(os.environ.get("NHCPLANNER_VERIFY", "0"))
"""Random scenarios of each place; 60 show every model with every rule, 0 is one of each place."""
FEW = {"made": (12,), "demo": (7,), "council": (7,)}
DOCUMENTS = ("xlsx", "html", "docx", "return", "geojson", "gpkg")
"""Formats whose figures are compared with the tables."""
CHANGES = 30 if RUNS else 2
"""Changed figures of each kind of file."""


def differences(found):
    """Figures that differ, as they are printed."""
    return [(one.figure, one.where, one.published, one.recomputed) for one in found.differences]


@pytest.mark.parametrize(
    ("name", "seed"), [(name, seed) for name in PLACES for seed in (range(RUNS) or FEW[name])]
)
def test_a_hand_in_of_any_model_agrees_with_itself(name, seed, tmp_path):
    place = PLACES[name](seed)
    scenario = random_scenario(seed, place)
    effort = random_effort(seed, place, scenario, 4.0 if RUNS else 1.0)
    formats = ["csv", *(DOCUMENTS if RUNS else DOCUMENTS[seed % 5 :: 3])]
    if not export(place, scenario, tmp_path / "handin", formats, effort):
        pytest.skip("the place lacks what the scenario asks for")
    found = check_hand_in(tmp_path / "handin")
    assert differences(found) == []
    assert found.number > 1_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A hand-in in every format, with waves and a price of priority."""
    folder = tmp_path_factory.mktemp("whole") / "handin"
    place = made_place(8)  # its plan has a price of priority, and its count is used up
    scenario = Scenario(count=4, engine="estimate", bands=3, time_limit=10)
    effort = workflow.Effort.with_options(seconds=20)
    evidence = workflow.gather_evidence(workflow.run(place, scenario), effort)
    write_handin(evidence, folder, list(WRITERS))
    return folder


def test_every_format_of_a_hand_in_agrees(whole):
    found = check_hand_in(whole)
    assert differences(found) == []
    missing = [what for what, why, _ in found.absent if "format" in why]
    assert missing == []
    draws = [absent for absent in found.absent if "travel draw" in absent.what]
    assert draws
    assert all(absent.number == 4 and "drawn at random" in absent.why for absent in draws)


def test_a_place_of_one_area_given_as_a_point_agrees(tmp_path):
    scenario = Scenario(count=4, engine="estimate", bands=1, time_limit=5)
    assert export(one_point(8), scenario, tmp_path / "handin", ["csv", *DOCUMENTS])
    furthest = pd.read_csv(tmp_path / "handin" / "tables" / "furthest.csv")
    assert furthest.empty  # no grouping has two groups
    assert differences(check_hand_in(tmp_path / "handin")) == []


def test_a_plan_with_capacity_split_states_whom_it_sends_beyond_reach(tmp_path):
    place = made_place(7)
    place = replace(place, sites=place.sites.assign(capacity=np.nan))
    few, most = round(place.people / 8), round(place.people / 4)
    scenario = Scenario(
        count=5, engine="estimate", bands=2, reach=12, time_limit=20,
        least_people=few, most_people=most, split=True,
    )  # fmt: skip
    folder = tmp_path / "handin"
    assert export(place, scenario, folder, ["csv", *DOCUMENTS])
    assert differences(check_hand_in(folder)) == []
    tables = folder / "tables"
    origins, minutes = pd.read_csv(tables / "origins.csv"), pd.read_csv(tables / "minutes.csv")
    own = minutes[minutes["mode"] == "own"].set_index(["origin", "site_id"])["minutes"]
    beyond = 0.0
    for sent in json.loads((folder / "plan.json").read_text())["plan"]["allocation"]:
        start = origins.iloc[sent["row"]]
        if own[start["origin"], sent["site_id"]] > 12:
            beyond += start["people"] * sent["share"]
    assert beyond > 0
    words = f"The plan sends {beyond:,.0f} people to a centre that is more than 12 minutes away"
    page = next(folder.glob("nhc-*.html")).read_text(encoding="utf-8")
    assert words in page
    with zipfile.ZipFile(next(folder.glob("return-*.docx"))) as archive:
        assert words in archive.read("word/document.xml").decode()


def test_a_plan_that_an_exchange_betters_says_so_and_is_found_if_it_does_not(tmp_path):
    place = made_place(8)
    scenario = Scenario(count=4, engine="estimate", bands=3, reach=10, time_limit=10)
    outcome = workflow.run(place, scenario)
    new = [site for site in outcome.plan.opened if place.sites["status"][site] == "candidate"]
    worse = {*outcome.plan.opened, 4} - {new[0]}  # 4 is a candidate that the best plan leaves out
    outcome = edit_plan(outcome, place, place.sites["site_id"].iloc[sorted(worse)], "by hand")
    effort = workflow.Effort.with_options(seconds=5, without=("roles", "losses", "robustness"))
    evidence = workflow.gather_evidence(outcome, effort)
    folder = tmp_path / "handin"
    write_handin(evidence, folder, ["csv", "html", "docx"])
    assert differences(check_hand_in(folder)) == []
    page = next(folder.glob("nhc-*.html"))
    text = page.read_text(encoding="utf-8")
    match = re.search(r"A better plan is known: opening [^<]*? by ([\d,]+) people", text)
    assert match is not None
    page.write_text(text.replace(match[0], match[0].replace(match[1], "9")), encoding="utf-8")
    assert "Gain of a better exchange" in {one.figure for one in check_hand_in(folder).differences}
    page.write_text(text.replace(match[0], "It is good"), encoding="utf-8")
    assert "A better plan is known" in {one.figure for one in check_hand_in(folder).differences}


def changed(whole, tmp_path):
    """A copy of the hand-in that may be changed."""
    folder = tmp_path / "handin"
    shutil.copytree(whole, folder)
    return folder


def bare(whole, tmp_path):
    """The same without the list of hashes, so that figures alone must show the change."""
    folder = changed(whole, tmp_path)
    (folder / "sha256.txt").unlink()
    return folder


CELLS = [
    ("areas", "minutes_after"), ("areas", "share_before"), ("areas", "people"), ("areas", "band"),
    ("areas", "nearest_centre"), ("areas_wide", "people"), ("areas_wide", "hle"),
    ("areas_wide", "imd_rank"), ("areas_long", "value"), ("assignment", "people"),
    ("assignment", "minutes"), ("candidates", "reaches"), ("candidates", "adds"),
    ("catchments", "people"), ("catchments", "people_q1"), ("catchments", "people_nearest"),
    ("centres", "only"), ("centres_wide", "people_served"), ("costs", "capital"),
    ("costs", "discounted"), ("costs", "opens"), ("costs", "undiscounted"),
    ("curve", "people_after"), ("exchanges", "after"), ("exchanges", "gain"),
    ("furthest", "share_after"), ("groups", "people"), ("groups", "within_after"),
    ("groups", "mean_minutes_before"), ("groups", "gained"), ("groups", "share_after"),
    ("groups", "beyond_before"), ("inequality", "before"), ("inequality", "after"),
    ("losers", "worse"), ("losses", "lost"), ("minutes", "minutes"), ("options", "people_within"),
    ("options", "mean_minutes"), ("options", "sii"), ("options", "new_centres"),
    ("options", "first_band_within"), ("origins", "people"), ("price", "people_without"),
    ("price", "difference"), ("robustness", "people"), ("robustness", "best_people"),
    ("robustness", "stays"), ("robustness", "goal_best"), ("settings", "value"),
    ("sites_wide", "cost"), ("sites_wide", "people_served"), ("stays", "share"),
    ("within", "people_after"), ("within", "share_before"), ("option_sites", "site_id"),
    ("case_sites", "site_id"), ("alternative_sites", "site_id"), ("alternatives", "value"),
    ("roles", "share"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), CELLS if RUNS else CELLS[::3])
def test_one_changed_figure_of_a_table_is_found(whole, tmp_path, table, column):
    folder = tmp_path / "handin"
    for part in ("tables", "geojson"):
        shutil.copytree(whole / part, folder / part)
    shutil.copy(whole / "plan.json", folder)
    path = folder / "tables" / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    frame.loc[_row(frame, column), column] = _other(frame[column][_row(frame, column)], frame)
    frame.to_csv(path, index=False, encoding="utf-8-sig")
    assert check_hand_in(folder).differences


def _row(frame, column):
    """A row whose figure is no zero, so that a change of it shows; the last of them."""
    some = frame[column].str.strip()
    if column == "site_id":
        return frame.index[-1]
    good = (some != "") & ~some.isin(["0", "0.0"])
    if column == "minutes" and "mode" in frame:  # of a journey that the plan counts
        good &= (frame["mode"] == "own") & (frame["site_id"] == "S00")
    if "setting" in frame:  # no figure rests on a weight of benefits where none are priced
        good &= frame["setting"] == "discount_rate"
    return some[good].index[-1]


def _other(text, frame):
    """Another value of the same kind."""
    try:
        number = float(text)
    except ValueError:
        return (
            next(one for one in frame["site_id"][::-1] if one != text)
            if ("site_id" in frame)
            else "S09"
        )
    return str(int(number) + 1) if number == int(number) else str(number * 1.01)


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_changed_anywhere_is_found_or_listed(whole, tmp_path, kind):
    """What is not found stands in a column or text that is listed as not recomputed."""
    for seed in range(CHANGES):
        folder = changed(whole, tmp_path / str(seed))
        name, words = change_one(folder, kind, np.random.default_rng([seed, len(kind)]))
        found = check_hand_in(folder)
        places = [f"{one.figure} {one.where}" for one in found.differences]
        places += [absent.what for absent in found.absent if absent.number]
        stem = Path(name).stem
        assert any(stem in place or kind in place for place in places), f"{name}: {words}"


RECORD = [
    ("assessment", "people_within", "20", "after"),
    ("assessment", "share_within", "10", "before"),
    ("assessment", "by_band", 0, "people"),
    ("assessment", "by_imd_quintile", 0, "share_after", "20"),
    ("assessment", "catchments", 0, "people"),
    ("assessment", "centres", 0, "people_served"),
    ("plan", "stages", 0, "value"),
    ("plan", "stages", 0, "bound"),
    ("plan", "stages", 0, "gap"),
    ("place", "people"),
    ("times", "pairs"),
    ("scenario", "count"),
    ("scenario", "reach"),
    ("scenario", "bands"),
]


@pytest.mark.parametrize("keys", RECORD, ids=lambda keys: ".".join(map(str, keys)))
def test_one_changed_figure_of_the_record_is_found(whole, tmp_path, keys):
    folder = tmp_path / "handin"
    shutil.copytree(whole / "tables", folder / "tables")
    record = json.loads((whole / "plan.json").read_text())
    at = record
    for key in keys[:-1]:
        at = at[key]
    at[keys[-1]] = (at[keys[-1]] or 0) - 1
    (folder / "plan.json").write_text(json.dumps(record))
    assert check_hand_in(folder).differences


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [("docx", "word/document.xml", None), ("html", None, None), ("kml/centres.kml", None, None)],
)
def test_one_changed_figure_of_a_document_is_found(whole, tmp_path, kind, old, new):
    folder = bare(whole, tmp_path)
    groups = pd.read_csv(folder / "tables" / "groups.csv", encoding="utf-8-sig")
    people = f"{groups['within_after'].iloc[0]:,.0f}"
    assert "," in people
    other = people[:-1] + ("1" if people[-1] != "1" else "2")
    if kind == "docx":
        path = next(folder.glob("*.docx"))
        _repack(path, old, people, other)
    elif kind == "html":
        path = next(folder.glob("*.html"))
        text = path.read_text(encoding="utf-8")
        assert people in text
        path.write_text(text.replace(people, other, 1), encoding="utf-8")
    else:
        path = folder / kind
        text = path.read_text(encoding="utf-8")
        found = re.search(r'name="people_served">(\d+)', text)
        path.write_text(text.replace(found[0], f"{found[0]}1", 1), encoding="utf-8")
    assert check_hand_in(folder).differences


def _repack(path, member, one, other):
    """Change a text in a member of a packed document."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[member].decode()
    assert one in text
    parts[member] = text.replace(one, other, 1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("sheet", "value"),
    [("Pipeline", "people"), ("Access", "within"), ("Equality", "groups"), ("Areas", "minutes")],
)
def test_one_changed_figure_of_the_workbook_is_found(whole, tmp_path, sheet, value):
    openpyxl = pytest.importorskip("openpyxl")
    folder = bare(whole, tmp_path)
    path = next(folder.glob("*.xlsx"))
    book = openpyxl.load_workbook(path, data_only=True)
    cells = [
        cell for row in book[sheet].iter_rows(min_row=6) for cell in row
        if isinstance(cell.value, float | int) and cell.value > 50 and cell.column > 3
        and "metre" not in str(book[sheet].cell(4, cell.column).value).lower()
        and book[sheet].cell(4, cell.column).value not in ("Easting", "Northing")
    ]  # fmt: skip
    cells[len(cells) // 2].value += 7
    book.save(path)
    assert check_hand_in(folder).differences, value


def test_a_share_of_the_access_sheet_changed_to_none_is_found(whole, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    folder = bare(whole, tmp_path)
    path = next(folder.glob("*.xlsx"))
    book = openpyxl.load_workbook(path, data_only=True)
    heads = [cell.value for cell in book["Access"][6]]
    column = heads.index("Share after") + 1
    ones = [
        row for row in range(7, 40)
        if book["Access"].cell(row, column).value == 1
    ]  # fmt: skip
    book["Access"].cell(ones[-1], column).value = 0
    book.save(path)
    (found,) = check_hand_in(folder).differences
    assert found.where.endswith("sheet Access")
    assert (found.published, found.recomputed[:2]) == ("0", "1 ")


@pytest.mark.parametrize(
    "question", ["Indicative capital", "Capacity (people)", "Population served"]
)
def test_an_answer_of_a_site_in_the_return_is_found(whole, tmp_path, question):
    folder = bare(whole, tmp_path)
    path = next(folder.glob("return-*.docx"))
    with zipfile.ZipFile(path) as archive:
        text = archive.read("word/document.xml").decode()
    answer = re.search(rf">{re.escape(question)}</w:t>((?!<w:t[ >]).)*<w:t[^>]*>(£?[\d,]+)<", text)
    old, start = answer[0], answer.start(2) - answer.start()
    new = f"{old[:start]}£1,234,567<"
    _repack(path, "word/document.xml", old, new)
    found = check_hand_in(folder).differences
    assert question in {one.figure.split(",")[0] for one in found}


def test_one_changed_figure_of_each_layer_is_found(whole, tmp_path):
    gpd = pytest.importorskip("geopandas")
    for kind, path, layer in (
        ("GeoPackage", "plan.gpkg", "sites"), ("GeoJSON", "geojson/areas.geojson", None),
        ("Shapefile", "shapefile/centres.shp", None), ("GeoParquet", "parquet/areas.parquet", None),
    ):  # fmt: skip
        folder = bare(whole, tmp_path / kind)
        file = folder / path
        frame = (
            gpd.read_parquet(file) if kind == "GeoParquet"
            else gpd.read_file(file, **({"layer": layer} if layer else {}))
        )  # fmt: skip
        column = next(c for c in ("people", "people_served", "people_ser", "cost") if c in frame)
        row = frame[column].notna().idxmax()
        frame.loc[row, column] = frame.loc[row, column] + 3
        if kind == "GeoParquet":
            frame.to_parquet(file)
        else:
            frame.to_file(file, **({"layer": layer} if layer else {}))
        found = check_hand_in(folder).differences
        assert any(kind in one.where for one in found), kind


def test_a_catchment_that_is_not_drawn_is_found(whole, tmp_path):
    folder = bare(whole, tmp_path)
    path = folder / "geojson" / "catchments.geojson"
    layer = json.loads(path.read_text())
    gone = layer["features"].pop()["properties"]["site_id"]
    path.write_text(json.dumps(layer))
    (lost, *_) = check_hand_in(folder).differences
    assert lost.figure.endswith(f"catchments.csv, {gone}")
    assert (lost.published, lost.recomputed) == ("no row", "a row")


def test_a_change_that_no_figure_shows_is_found_by_the_hashes(whole, tmp_path):
    folder = changed(whole, tmp_path)
    path = folder / "tables" / "notes.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("not", "now", 1), "utf-8")
    (one,) = check_hand_in(folder).differences
    assert one.figure == "File as it was exported, tables/notes.csv"


def test_the_command_exits_by_what_it_finds(whole, tmp_path):
    run = CliRunner()
    good = run.invoke(app, ["verify", str(whole)])
    assert good.exit_code == 0, good.output
    assert "0 differences" in good.output
    folder = changed(whole, tmp_path)
    record = json.loads((folder / "plan.json").read_text())
    record["assessment"]["people_within"]["20"]["after"] += 1
    (folder / "plan.json").write_text(json.dumps(record))
    bad = run.invoke(app, ["verify", str(folder), "--json"])
    assert bad.exit_code == 1
    found = json.loads(bad.output)
    rows = [row for row in found["figures"] if row["result"] == "different"]
    assert ("People within 20 minutes after", "plan.json") in [
        (row["figure"], row["where"]) for row in rows
    ]


def test_what_a_hand_in_does_not_contain_is_listed(whole, tmp_path):
    folder = tmp_path / "handin"
    folder.mkdir()
    shutil.copy(whole / "plan.json", folder)
    shutil.copy(next(Path(whole).glob("*.xlsx")), folder)
    found = check_hand_in(folder)
    subjects = {absent.what for absent in found.absent}
    assert {"tables (CSV)", "GeoPackage", "Recomputed figures"} <= subjects


@pytest.fixture(scope="module")
def assigned(tmp_path_factory):
    """A hand-in of a plan that sends people to centres, with plans that keep the same rules."""
    folder = tmp_path_factory.mktemp("assigned") / "handin"
    place = made_place(8)
    most = round(place.people / 3)
    scenario = Scenario(count=4, engine="estimate", bands=3, most_people=most, split=True)
    waves = (explore.Wave("2030", 3), explore.Wave("2035", 4))
    effort = workflow.Effort.with_options(seconds=12, waves=waves)
    evidence = workflow.gather_evidence(workflow.run(place, scenario), effort)
    write_handin(evidence, folder, ["csv", "html"])
    return folder


def test_a_plan_that_sends_people_agrees_with_its_assignment(assigned):
    found = check_hand_in(assigned)
    assert differences(found) == []
    sent = pd.read_csv(assigned / "tables" / "other_assignments.csv")
    assert {"option", "case", "wave"} <= set(sent["kind"])
    areas = pd.read_csv(assigned / "tables" / "areas.csv")
    assert (areas["centre"] != areas["nearest_centre"]).any()


@pytest.mark.parametrize(
    ("kind", "subject"), [("option", "Options"), ("case", "Other cases"), ("wave", "Waves")]
)
def test_people_of_another_plan_sent_elsewhere_are_found(assigned, tmp_path, kind, subject):
    """Everyone of one plan is sent to its first site, which has not the room for them."""
    folder = tmp_path / "handin"
    shutil.copytree(assigned, folder)
    path = folder / "tables" / "other_assignments.csv"
    table = pd.read_csv(path)
    name = table.loc[table["kind"] == kind, "plan"].iloc[0]
    mine = (table["kind"] == kind) & (table["plan"] == name)
    table.loc[mine, "site_id"] = table.loc[mine, "site_id"].iloc[0]
    table.to_csv(path, index=False, encoding="utf-8-sig")
    figures = [one.figure for one in check_hand_in(folder).differences]
    assert any(figure.startswith((subject, f"Rule of {name}")) for figure in figures)
