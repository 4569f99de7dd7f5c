"""Table of sizes in the form, and the settings that it gives."""

from nhcplanner import Scenario
from nhcplanner.domain.centre_types import Size
from nhcplanner.pages.plan.sizes import as_settings, as_table


def test_the_table_gives_the_sizes_that_it_was_made_from():
    sizes = Scenario(
        sizes=[
            {"name": "small", "capacity": 8000, "cost": 0},
            {"name": "wing", "adds": True, "capacity": 900, "modules": 2, "module_capacity": 50,
             "at": ["kind:library", "S1"]},
        ]
    ).sizes  # fmt: skip
    assert Scenario(sizes=as_settings(as_table(sizes))).sizes == sizes
    assert as_settings(as_table([])) == ()
    assert as_settings(as_table([Size(name="bare")])) == ({"name": "bare"},)
