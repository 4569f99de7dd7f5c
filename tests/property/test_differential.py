"""A short run of the differential fuzzer: damage never changes figures without a line.

`make fuzz` runs thousands of cases and prints the table.
"""

import pytest

from tests.property.fuzz.differential import tables
from tests.property.fuzz.differential.doors import DOORS
from tests.property.fuzz.differential.runs import judge, sound_places
from tests.property.fuzz.differential.tables import Damage

CASES, SEED = 4, 11


@pytest.mark.parametrize("door", DOORS)
def test_damage_in_one_place_never_changes_figures_in_silence(door):
    sound = sound_places([door])
    for number in range(CASES):
        outcome = judge(door, SEED, number, sound)
        assert outcome.kind in ("same", "refused", "told"), outcome


@pytest.mark.parametrize(
    ("heading", "names", "kind"), [("People", ("row 2",), "silent"), ("people ", ("xyz",), "same")]
)
def test_a_change_without_a_line_is_seen(monkeypatch, heading, names, kind):
    """A count that is merely another is the one thing that no reader can notice."""
    rows = [list(row) for row in tables.AREAS]
    rows[0][2] = heading
    rows[1][2] = "1234" if kind == "silent" else rows[1][2]
    content = tables.text_of(rows).encode()
    monkeypatch.setitem(DOORS, "areas", lambda _: Damage("areas.csv", content, "other", names))
    assert judge("areas", SEED, 1, sound_places(["areas"])).kind == kind
