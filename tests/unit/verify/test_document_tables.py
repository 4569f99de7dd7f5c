"""Columns of documents are matched with columns of tables."""

import pandas as pd

from nhcplanner.verify.documents import check_documents
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files, Page
from nhcplanner.verify.ledger import Ledger


def groups_and(people: list[str]) -> Files:
    """A table of groups, and a page that prints it with other people."""
    names = [f"group {n}" for n in range(1, len(people) + 1)]
    table = pd.DataFrame(
        {
            "grouping": "own", "group": names,
            "people": [str(10 * n) for n in range(1, len(people) + 1)],
            "within_before": "0", "within_after": "7", "share_before": "0", "share_after": "0",
        }
    )  # fmt: skip
    rows = [["Group", "People"], *([a, b] for a, b in zip(names, people, strict=True))]
    return Files(
        tables={"groups": table}, record={"plan": {}}, pages={"brief.html": Page(tables=[rows])}
    )


def test_a_figure_of_another_column_of_its_row_is_a_difference():
    people = ["10", "20", "30", "40", "50", "60", "7", "80"]  # 7 are within reach, not all
    ledger = Ledger()
    check_documents(Facts(groups_and(people)), ledger)
    assert [(one.published, one.recomputed) for one in ledger.differences] == [("7", "70")]
