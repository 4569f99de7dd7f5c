"""The return in Word: every item and every site, blanks marked, opened by LibreOffice."""

import shutil
import subprocess
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn

from nhcplanner.domain.case import MINIMUM, Case, Fit
from nhcplanner.outputs.brief import write_return, write_word
from nhcplanner.outputs.brief.documents import BLANK
from nhcplanner.outputs.tables import hand_in


def cells_of(path):
    for table in docx.Document(path).tables:
        for row in table.rows:
            yield from row.cells


@pytest.fixture(scope="module")
def path(evidence, tmp_path_factory):
    folder = tmp_path_factory.mktemp("return")
    write_return(evidence, folder)
    [written] = folder.glob("return-*.docx")
    return written


def test_it_has_every_item_and_every_site(path, evidence):
    heads = [p.text for p in docx.Document(path).paragraphs if p.style.name.startswith("Heading")]
    wanted = ("neighbourhoods", "estate", "criteria", "Disposals", "Site by site", "Ruled-out")
    assert all(any(words in head for head in heads) for words in wanted)
    assert sum(head.startswith("Site ") for head in heads) == len(evidence.outcome.centres)
    texts = [cell.text for cell in cells_of(path)]
    for label in ("Population served", "Planning status", "Indicative capital", "Tenure"):
        assert texts.count(label) == len(evidence.outcome.centres), label
    assert all(texts.count(name) == len(evidence.outcome.centres) + 1 for name in MINIMUM)


def test_every_blank_is_shaded_and_counted(path):
    blank = [cell for cell in cells_of(path) if cell.text == BLANK]
    assert len(blank) > 50
    assert all(cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) == "FFF6D6" for cell in blank)
    text = " ".join(p.text for p in docx.Document(path).paragraphs)
    assert f"{len(blank):,} cells of this return are still to be filled in" in text


def test_what_is_given_replaces_a_blank(evidence, path, tmp_path):
    site = evidence.outcome.centres["site_id"].iloc[0]
    fit = Fit(site=site, criterion=MINIMUM[0], state="met", evidence="Lease of 2026", by="Estates")
    write_return(replace(evidence, case=Case(fit=(fit,))), tmp_path)
    [written] = tmp_path.glob("*.docx")
    texts = [cell.text for cell in cells_of(written)]
    assert {"met", "Lease of 2026", "Estates"} <= set(texts)
    assert sum(cell.text == BLANK for cell in cells_of(path)) - texts.count(BLANK) == 3


def test_parking_is_in_each_form_if_it_is_known_of_a_centre(evidence, path, tmp_path):
    assert "Parking spaces" not in [cell.text for cell in cells_of(path)]
    outcome = evidence.outcome
    first = outcome.place.sites["site_id"].eq(outcome.centres["site_id"].iloc[0])
    sites = outcome.place.sites.assign(parking_spaces=first.map({True: 1234.0}))
    place = replace(outcome.place, sites=sites)
    write_return(replace(evidence, outcome=replace(outcome, place=place)), tmp_path)
    texts = [cell.text for cell in cells_of(next(tmp_path.glob("*.docx")))]
    assert texts.count("Parking spaces") == len(outcome.centres)
    assert texts[texts.index("Parking spaces") + 1] == "1,234"
    assert "Blue badge spaces" not in texts


def test_tables_of_the_return_go_out_as_csv_too(evidence):
    for name, made in hand_in.TABLES.items():
        assert made.make(evidence).columns.tolist() == [one.name for one in made.cells], name


def test_libreoffice_opens_both_documents(evidence, path, tmp_path):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    write_word(evidence, tmp_path)
    for one in (path, next(tmp_path.glob("nhc-*.docx"))):
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [program, "--headless", profile, "--convert-to", "pdf"]
        done = subprocess.run(
            [*command, "--outdir", str(tmp_path), str(one)],
            check=True, capture_output=True, timeout=120, text=True,
        )  # fmt: skip
        if "no export filter" in done.stderr + done.stdout:
            pytest.skip("LibreOffice has no Writer: install libreoffice-writer")
        made = tmp_path / one.with_suffix(".pdf").name
        assert made.read_bytes().startswith(b"%PDF"), done.stderr
