"""Changes that an uploaded list makes to sites of the place."""

from nhcplanner import workflow
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import Decisions
from tests.unit.workflow.intake.lists import HEADINGS, ROW, facts_of, receive, settle


def test_what_a_list_leaves_blank_does_not_change_a_site(place):
    old = place.sites[place.sites["status"] == "existing"].iloc[0]
    text = f"Site id,Easting,Northing,Capacity\n{old['site_id']},{old.geometry.x},"
    text += f"{old.geometry.y},900\n"
    _, preview = settle(place, receive(text))
    assert preview.changed == (old["site_id"],)
    assert facts_of(preview, old["site_id"]) == {"capacity": 900.0}
    made = workflow.with_edits(place, preview.choices.edits)
    assert made.sites.set_index("site_id").loc[old["site_id"], "status"] == "existing"


def test_the_summary_counts_rows_read_added_and_left_out(place):
    bad = "N2,Hall,library,Candidate,651000,400000,dear\n"
    _, preview = settle(place, receive(HEADINGS + ROW + bad), Decisions(no_faulty=True))
    sections = dict(intake.summary(preview))
    assert sections["Rows"] == ("2 rows read", "1 site added", "1 row left out")
    assert sections["Rows left out"][0].startswith("row 3: ")


def test_a_long_list_of_rows_left_out_is_cut(place):
    costs = ["dear", *range(100_000, 1_400_000, 100_000)]
    rows = "".join(
        f"N{n},Mill {n},library,Candidate,{650_000 + 1000 * n},400000,{cost}\n"
        for n, cost in enumerate(costs)
    )
    left_out = frozenset(range(3, 16))
    decisions = Decisions(no_faulty=True, left_out=left_out)
    _, preview = settle(place, receive(HEADINGS + ROW.replace("N1", "M") + rows), decisions)
    lines = dict(intake.summary(preview))["Rows left out"]
    assert len(lines) == 11
    assert lines[-1] == "and 3 more"
