"""The workbook, read back by another library and calculated anew by LibreOffice."""

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from nhcplanner import workflow
from nhcplanner.domain.case import Appraisal, Benefits, Case, Today
from nhcplanner.domain.evidence import Discounting
from nhcplanner.outputs.brief.documents import BLANK
from nhcplanner.outputs.brief.form import return_of
from nhcplanner.outputs.brief.parts import Table
from nhcplanner.outputs.workbook import write_workbook
from nhcplanner.outputs.workbook.appraisal import agreement
from nhcplanner.outputs.workbook.book import SHEETS

EFFORT = workflow.Effort(seconds=10, waves=(), modes=("walk",), discounting=Discounting(base=2026))
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.fixture(scope="module")
def path(evidence, tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    write_workbook(evidence, folder)
    [written] = folder.glob("*.xlsx")
    return written


@pytest.fixture(scope="module")
def values(path):
    return openpyxl.load_workbook(path, data_only=True)


def table(sheet, head):
    """The table whose first heading is `head`, as a frame."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(n for n, row in enumerate(rows) if row[0] == head)
    names = [name for name in rows[start] if name is not None]
    found = []
    for row in rows[start + 1 :]:
        if all(value is None for value in row):
            break
        found.append(row[: len(names)])
    return pd.DataFrame(found, columns=names)


def appraised(sheet):
    """The people and the costs of each option, which stand in two tables, as one frame."""
    rows = [cell.value for cell in sheet["A"]]
    starts = [n for n, value in enumerate(rows, 1) if value == "Option"][:2]
    parts = []
    for start in starts:
        lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=start)]
        end = next(n for n, line in enumerate(lines) if line[1] is None)
        parts.append(pd.DataFrame(lines[1:end], columns=lines[0]).dropna(axis=1, how="all"))
    people, money = (part.loc[:, part.columns.notna()].set_index("Option") for part in parts)
    assert people.index.tolist() == money.index.tolist()
    return people.join(money)


def soffice(path, folder, kind):
    """LibreOffice's rendering of a workbook, all formulas calculated anew."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not there: no soffice on the path")
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    command = [program, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    [written] = folder.glob(f"*.{kind}")
    return written


def test_every_sheet_is_there_in_order(values):
    assert values.sheetnames == list(SHEETS)
    for sheet in values:
        assert sheet["A1"].value.startswith("SYNTHETIC"), sheet.title


def test_the_pipeline_has_a_row_a_centre_and_blanks_stay_blank(values, evidence):
    every = table(values["Pipeline"], "No.")
    found, known = every.iloc[:-3], evidence.outcome.centres["cost"]
    assert every["Indicative capital"].iloc[-2:].tolist() == [
        known.sum(), f"{known.notna().sum()} of {len(known)}"
    ]  # fmt: skip
    plan = evidence.outcome
    sites = plan.place.sites.iloc[list(plan.plan.opened)]
    assert found["Site id"].tolist() == sites["site_id"].tolist()
    served = evidence.catchments["people"].tolist()
    assert found["Population served"].tolist() == served
    assert found[["Engagement", "Digital"]].isna().all(axis=None)
    assert sites["tenure"].isna().any()
    assert sites["tenure"].notna().any()
    assert found["Tenure"].fillna("").tolist() == sites["tenure"].fillna("").tolist()
    assert found["Of a full footprint"].tolist() == pytest.approx([p / 50_000 for p in served])
    assert set(found["Wave"]) <= {"2027", "2030", "open today", "committed"}


def test_the_estate_is_that_of_the_plan(values, evidence):
    found = table(values["Overall"], "Estate").set_index("Estate")["Sites"]
    roles = evidence.catchments["role"].value_counts()
    assert found["Already an NHC"] == roles["existing"]
    assert found["All additional centres"] == roles["new"] + roles.get("committed", 0)
    opened = evidence.outcome.centres
    for kind in ("refurbishment", "extension"):
        mine = (opened["works"] == kind) & (opened["status"] != "existing")
        assert found.get(f"Additional: upgrade by {kind}", 0) == mine.sum()
    said = table(values["Overall"], "Question")
    assert said.loc[said["Question"].str.startswith("Disposals"), "As the list has it"].any()


def test_the_first_sheet_counts_the_cells_that_nobody_filled(path, values, tmp_path):
    found = table(values["Read me"], "Sheet").set_index("Sheet")
    sheet = openpyxl.load_workbook(path)["Fit to criteria"]
    rows = list(sheet.iter_rows(min_col=5, max_col=7))
    start = next(n for n, cells in enumerate(rows) if cells[0].value == "Met or gap")
    blank = sum(cell.value is None for cells in rows[start + 1 :] for cell in cells)
    assert found.loc["Fit to criteria", "Blank"] == found.loc["Fit to criteria", "Of"] == blank
    book = openpyxl.load_workbook(path)
    book["Fit to criteria"].cell(start + 2, 5).value = "met"
    changed = tmp_path / "changed"
    changed.mkdir()
    book.save(changed / "book.xlsx")
    again = openpyxl.load_workbook(soffice(changed / "book.xlsx", tmp_path, "xlsx"), data_only=True)
    assert table(again["Read me"], "Sheet").set_index("Sheet").loc["Fit to criteria", "Blank"] == (
        blank - 1
    )


def test_the_return_in_word_counts_the_same_blanks(values, evidence):
    found = table(values["Read me"], "Sheet").set_index("Sheet")
    rows = [row for section in return_of(evidence).sections for part in section.parts
            if isinstance(part, Table) for row in part.rows]  # fmt: skip
    assert sum(row.count(BLANK) for row in rows) == found.loc["All", "Blank"]


def test_choices_are_offered_and_blanks_are_marked(path):
    sheet = openpyxl.load_workbook(path)["Pipeline"]
    lists = [one.formula1 for one in sheet.data_validations.dataValidation]
    assert any("hub-and-spoke" in words for words in lists)
    assert any("refurbishment" in words for words in lists)
    rules = [rule for one in sheet.conditional_formatting for rule in one.rules]
    assert len(rules) > 10
    assert all(rule.type == "containsBlanks" for rule in rules)


def test_pages_are_ready_to_print(path):
    for sheet in openpyxl.load_workbook(path):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    book = openpyxl.load_workbook(path)
    assert all(book[name].print_title_rows for name in ("Pipeline", "Long list", "Areas"))
    assert book["Pipeline"].print_title_cols == "$A:$C"


def test_figures_of_the_options_are_the_evidence(values, evidence):
    found = appraised(values["Options appraisal"])
    options = evidence.options
    assert found.index.tolist() == options["option"].tolist()
    assert found["People within reach"].tolist() == options["people_within"].tolist()
    assert found["Whole cost, discounted"].tolist() == pytest.approx(options["discounted"].tolist())


def test_a_cost_that_is_not_known_is_blank_and_its_options_have_no_total(evidence, tmp_path):
    least = evidence.costs["capital"].where(lambda c: c > 0).min()
    lost = evidence.costs.assign(capital=evidence.costs["capital"].where(lambda c: c != least))
    options = evidence.options.copy()
    options.loc[options["option"] == "The plan", ["capital", "undiscounted", "discounted"]] = None
    write_workbook(replace(evidence, costs=lost, options=options), tmp_path)
    [written] = tmp_path.glob("*.xlsx")
    book = openpyxl.load_workbook(written, data_only=True)
    assert table(book["Costs"], "Site id")["Capital, as given"].isna().sum() == 1
    found = appraised(book["Options appraisal"])
    assert found.loc["The plan", "Whole cost, discounted"] == "not known"
    today = evidence.costs[evidence.costs["status"] == "existing"]
    by_hand = sum(today["running"].sum() / 1.035**year for year in range(1, 31))
    assert found.loc["Business as usual", "Whole cost, discounted"] == pytest.approx(by_hand)


def test_a_plan_that_reaches_more_for_less_has_no_price_for_a_further_person(evidence, tmp_path):
    options = evidence.options.copy()
    mine = options["option"] == "The plan"
    options.loc[mine, "people_within"] = options["people_within"].max() + 100
    options.loc[~mine, "discounted"] = options.loc[mine, "discounted"].iloc[0] + 5_000
    options.loc[options.index[0], "discounted"] -= 10_000  # only business as usual is cheaper
    write_workbook(replace(evidence, options=options), tmp_path)
    [written] = tmp_path.glob("*.xlsx")
    book = openpyxl.load_workbook(written, data_only=True)
    found = table(book["Options appraisal"], "Against")
    head = "Extra cost for each further person"
    more = options.loc[mine, "people_within"].iloc[0] - options["people_within"].iloc[0]
    assert found[head].iloc[0] == pytest.approx(5_000 / more)
    assert set(found[head].iloc[1:]) == {"the plan reaches more and costs less"}


def test_text_that_would_run_is_harmless_and_no_text_is_a_formula(evidence, tmp_path):
    sites = evidence.outcome.place.sites.assign(site_name="=HYPERLINK(1)", kind="@evil")
    place = replace(evidence.outcome.place, sites=sites, name="=Bad/name: \N{HOSPITAL}" * 20)
    outcome = replace(evidence.outcome, place=place)
    costs = evidence.costs.assign(name="+1+1")
    catchments = evidence.catchments.assign(name="=1+1")
    write_workbook(replace(evidence, outcome=outcome, costs=costs, catchments=catchments), tmp_path)
    [written] = tmp_path.glob("*.xlsx")
    book = openpyxl.load_workbook(written)
    assert set(table(book["Pipeline"], "No.")["Site"].dropna()) == {"'=1+1"}
    assert set(table(book["Costs"], "Site id")["Site"]) == {"'+1+1"}
    formulas = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 50
    assert not any("HYPERLINK" in one or "evil" in one for one in formulas)


def test_the_same_evidence_is_the_same_bytes(evidence, path, tmp_path):
    write_workbook(evidence, tmp_path)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_libreoffice_calculates_what_the_workbook_says(path, values, tmp_path):
    again = openpyxl.load_workbook(soffice(path, tmp_path, "xlsx"), data_only=True)
    formulas = openpyxl.load_workbook(path)
    seen = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                kept = values[sheet.title][cell.coordinate].value
                found = again[sheet.title][cell.coordinate].value
                where = f"{sheet.title}!{cell.coordinate} {cell.value}"
                if isinstance(kept, (int, float)):
                    assert found == pytest.approx(kept), where
                else:
                    assert (found or "") == (kept or ""), where
                seen += 1
    assert seen > 50


def test_a_changed_rate_changes_the_costs_as_planning_again_would(path, evidence, tmp_path):
    book = openpyxl.load_workbook(path)
    name = book.defined_names["discount_rate"].attr_text
    sheet, cell = name.replace("$", "").replace("'", "").split("!")
    book[sheet][cell].value = 0.1
    changed = tmp_path / "changed"
    changed.mkdir()
    book.save(changed / "book.xlsx")
    again = openpyxl.load_workbook(soffice(changed / "book.xlsx", tmp_path, "xlsx"), data_only=True)
    found = table(again["Costs"], "Site id")
    for one, row in zip(found.to_dict("records"), evidence.costs.itertuples(), strict=True):
        later = row.opens - 2026
        years = range(later + 1, 31)
        by_hand = row.capital / 1.1**later + sum(row.running / 1.1**year for year in years)
        assert one["Whole cost, discounted"] == pytest.approx(by_hand)


def test_libreoffice_prints_it(path, tmp_path):
    assert soffice(path, tmp_path, "pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_that_cannot_be_written_is_an_error_of_the_disk(evidence, tmp_path):
    with pytest.raises(OSError, match="No such file"):
        write_workbook(evidence, tmp_path / "gone")


CASE = Case(
    appraisal=Appraisal(
        price_index={2025: 100, 2026: 103}, optimism_bias=0.2, capital_includes_vat=True
    ),
    business_as_usual=Today(backlog=5e5, running_cost=1e5, source="estates return"),
    benefits=Benefits(per_person=30, first_band_weight=2, source="business case"),
)


@pytest.fixture(scope="module")
def with_case(evidence):
    effort = replace(EFFORT, case=CASE, parts=("price",))
    return workflow.gather_evidence(evidence.outcome, effort)


def test_a_case_stands_in_formulas_that_give_its_figures(with_case, tmp_path):
    write_workbook(with_case, tmp_path)
    [written] = tmp_path.glob("*.xlsx")
    again = openpyxl.load_workbook(soffice(written, tmp_path, "xlsx"), data_only=True)
    found = appraised(again["Options appraisal"])
    costs = with_case.costs.set_index("site_id")
    for name, rows in with_case.option_sites.groupby("option"):
        capital, whole = 0.0, 5e5 + sum(1e5 / 1.035**year for year in range(1, 31))
        for one in costs.loc[rows["site_id"]].itertuples():
            mine = one.capital * 1.03 / 1.2 * 1.2  # rebased, without VAT, with optimism bias
            capital += mine
            whole += mine / 1.035 ** (one.opens - 2026)
            years = range(one.opens - 2026 + 1, 31)
            whole += sum(one.running * 1.03 / 1.035**year for year in years)
        assert found.loc[name, "Capital, appraised"] == pytest.approx(capital)
        assert found.loc[name, "Whole cost, discounted"] == pytest.approx(whole)
    heads = ["People within reach", "Of the first band within reach"]
    plan, today = found.loc["The plan"], found.loc["Business as usual"]
    people = (plan[heads] - today[heads]).sum()  # the first band counts twice
    worth = (
        30 * people * sum(1 / 1.035**year for year in range(int(plan["Last opening"]) - 2025, 31))
    )
    extra = plan["Whole cost, discounted"] - today["Whole cost, discounted"]
    assert plan["Net present social value"] == pytest.approx(worth - extra)


def test_a_score_that_contradicts_the_plan_is_explained(evidence):
    frame = evidence.options.copy()
    mine = frame["option"] == "The plan"
    frame["others_within"] = np.where(mine, 0, 1000)
    frame["discounted"] = np.where(mine, 2.0, 1.0)
    frame["first_band_within"] = np.where(mine, 10, 9)
    (said,) = agreement(replace(evidence, options=frame))
    assert said.startswith("Business as usual has the highest score with these weights, 66.7; ")
    assert "the plan has 33.3. The plan is put forward all the same because" in said
    frame.loc[mine, ["others_within", "discounted"]] = [2000, 0.5]
    (said,) = agreement(replace(evidence, options=frame))
    assert said == "The plan has the highest score with these weights of these options."
