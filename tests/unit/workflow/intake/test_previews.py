"""Changes that an uploaded list makes to sites of the place."""

from nhcplanner import workflow
from tests.unit.workflow.intake.lists import facts_of, receive, settle


def test_what_a_list_leaves_blank_does_not_change_a_site(place):
    old = place.sites[place.sites["status"] == "existing"].iloc[0]
    text = f"Site id,Easting,Northing,Capacity\n{old['site_id']},{old.geometry.x},"
    text += f"{old.geometry.y},900\n"
    _, preview = settle(place, receive(text))
    assert preview.changed == (old["site_id"],)
    assert facts_of(preview, old["site_id"]) == {"capacity": 900.0}
    made = workflow.with_edits(place, preview.choices.edits)
    assert made.sites.set_index("site_id").loc[old["site_id"], "status"] == "existing"
