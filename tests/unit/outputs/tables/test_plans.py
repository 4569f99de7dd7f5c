from nhcplanner.domain.assessment import KeyFigures
from nhcplanner.outputs.tables.plans import LABELS, table

ONE = KeyFigures("2026-11-30T22:15:59+00:00", "optimal", 6, 3, 20.0, 900.0, 0.9, 0.95, True)


def test_a_plan_is_a_row_and_one_without_figures_has_blanks():
    made = table(["A", "B"], {"A": ONE}, {"B"})
    assert made["name"].tolist() == ["A", "B"]
    assert made["pinned"].tolist() == [False, True]
    first = made.iloc[0]
    assert (first["centres"], first["new"], first["share"], first["first_band"]) == (
        6,
        3,
        0.9,
        0.95,
    )
    assert (first["minutes"], first["made"]) == ("estimate", "2026-11-30 22:15")
    assert made.iloc[1].drop(["name", "pinned"]).isna().all()
    assert set(LABELS) < set(made)
