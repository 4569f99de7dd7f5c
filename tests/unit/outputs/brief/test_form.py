from dataclasses import replace

from nhcplanner.domain.case import MINIMUM, Case, Criterion, Fit
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief.documents import BLANK
from nhcplanner.outputs.brief.form import return_of
from nhcplanner.outputs.brief.parts import Paragraph, Table


def _tables(evidence):
    return [
        part
        for section in return_of(evidence).sections
        for part in section.parts
        if isinstance(part, Table)
    ]


def _blanks(evidence):
    return sum(row.count(BLANK) for table in _tables(evidence) for row in table.rows)


def test_the_count_of_blanks_is_that_of_the_marked_cells(outcome):
    evidence = Evidence(outcome)
    said = [
        part.text
        for section in return_of(evidence).sections
        for part in section.parts
        if isinstance(part, Paragraph)
    ]
    assert any(f"{_blanks(evidence):,} cells of this return are still to be filled in" in one
               for one in said)  # fmt: skip


def test_criteria_are_counted_over_the_centres(outcome):
    site = outcome.centres["site_id"].iloc[0]
    fit = (
        Fit(site=site, criterion="Deprivation", state="gap", evidence="half", by="Estates"),
        Fit(site=site, criterion=MINIMUM[0], state="met", evidence="lease", by="Estates"),
    )
    case = Case(criteria=(Criterion(name="Deprivation", words="Most deprived fifth"),), fit=fit)
    evidence = replace(Evidence(outcome), case=case)
    (table,) = [one for one in _tables(evidence) if "Fit of the centres" in one.caption]
    rest = str(len(outcome.centres) - 1)
    assert table.rows[0] == ("Deprivation: Most deprived fifth", "0", "1", rest)
    assert table.rows[1] == (MINIMUM[0], "1", "0", rest)
    asked = 3 * len(outcome.centres)  # state, evidence and by of the new criterion
    assert _blanks(evidence) == _blanks(Evidence(outcome)) + asked - 6


def test_without_a_plan_the_form_has_no_sites(infeasible):
    heads = [section.title for section in return_of(Evidence(infeasible)).sections]
    assert not any(head.startswith("Site ") for head in heads)


def test_each_site_has_its_form_on_a_page_of_its_own(outcome):
    sections = return_of(Evidence(outcome)).sections
    sites = [section for section in sections if section.title.startswith("Site ")]
    overall = next(section for section in sections if section.title == "5. Site by site")
    assert [site.fresh for site in sites] == [False, *[True] * (len(outcome.centres) - 1)]
    assert overall.fresh  # the first site stands under this heading
    assert sections[-1].fresh
