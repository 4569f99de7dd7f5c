"""Small lists of sites for the tests of uploads."""

from nhcplanner.workflow import intake
from nhcplanner.workflow.sites import Choices

NO_CHOICES = Choices((), (), ())
HEADINGS = "Site id,Site,Kind,Status,Easting,Northing,Capital cost\n"
ROW = "N1,Mill House,library,Candidate,650000,400000,1200000\n"


def receive(text, name="list.csv", **options):
    return intake.receive(text.encode(), name, options)


def settle(place, upload, decisions=None, now=NO_CHOICES, base=None):
    """Return the review and the preview of an upload."""
    decisions = decisions or intake.Decisions()
    review = intake.review(place, upload, decisions)
    return review, intake.preview(base or place, place, review, decisions, now)


def facts_of(preview, site_id):
    return dict(next(edit for edit in preview.choices.edits if edit.site_id == site_id).facts)
