import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.neighbourhoods import Bounds


def test_defaults_are_those_of_the_guidance():
    assert (Bounds().target, Bounds().least, Bounds().most) == (50_000, 30_000, 70_000)


@pytest.mark.parametrize(("people", "keeps"), [(29_999, False), (30_000, True), (70_001, False)])
def test_bounds_include_their_ends(people, keeps):
    assert Bounds().keeps(people) is keeps


def test_a_tree_without_nodes_is_refused():
    with pytest.raises(InputError, match="nodes"):
        Bounds(nodes=0)
