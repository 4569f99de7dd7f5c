from itertools import combinations

from nhcplanner.outputs.maps import panel, symbols


def test_symbols_differ_by_shape_and_not_by_colour_alone():
    for one, other in combinations(symbols.SYMBOLS.values(), 2):
        assert one.shape != other.shape
        assert one.words != other.words


def test_the_legend_of_a_saved_map_has_the_same_colours():
    for role in ("existing", "committed", "new"):
        symbol = symbols.SYMBOLS[role]
        icon = panel.icon(role, 26, 7)
        assert f"background:{symbol.fill}" in icon
        assert f"color:{symbol.ink}" in icon
        assert symbols.as_data()[role]["fill"] == symbol.fill
