from itertools import combinations

from nhcplanner.outputs.maps import panel, symbols


def test_symbols_differ_by_shape_and_not_by_colour_alone():
    centres = ("existing", "committed", "new")
    sites = ("existing", "committed", "must_open", "available", "excluded")
    for together in (centres, sites):  # what one map shows
        for one, other in combinations(together, 2):
            assert symbols.SYMBOLS[one].shape != symbols.SYMBOLS[other].shape
            assert symbols.SYMBOLS[one].words != symbols.SYMBOLS[other].words


def test_the_legend_of_a_saved_map_has_the_same_colours():
    for role in ("existing", "committed", "new"):
        symbol = symbols.SYMBOLS[role]
        icon = panel.icon(role, 26, 7)
        assert f"background:{symbol.fill}" in icon
        assert f"color:{symbol.ink}" in icon
        assert symbols.as_data()[role]["fill"] == symbol.fill
