"""Plain words: what people call kinds of buildings, where these stand, and what works they need."""

from __future__ import annotations

from collections.abc import Mapping

from nhcplanner.domain.columns import STATUSES, WORKS
from nhcplanner.domain.words import simple
from nhcplanner.layers.files.cells import Read

KINDS: Mapping[str, str] = {
    "gp_practice": "gp|gps|gp_surgery|surgery|gp_practice|general_practice|doctors|doctors_surgery"
    "|medical_practice|medical_centre|medical_center|main_surgery",
    "branch_surgery": "branch|branch_surgery|gp_branch|branch_practice|gp_branch_surgery",
    "health_centre": "health_centre|health_center|primary_care_centre|community_health_centre",
    "clinic": "clinic|community_clinic",
    "pharmacy": "pharmacy|chemist|community_pharmacy",
    "hospital": "hospital|acute_hospital|community_hospital|general_hospital|cottage_hospital",
    "trust_site": "trust_site|nhs_trust_site",
    "library": "library|public_library",
    "community_centre": "community_centre|community_center|community_hall|village_hall"
    "|community_hub",
    "town_hall": "town_hall|townhall|council_office|council_offices|civic_centre|council_building",
    "leisure_centre": "leisure_centre|leisure_center|sports_centre|sports_center",
    "family_hub": "family_hub|childrens_centre|children_s_centre|sure_start_centre",
    "shop": "shop|retail|retail_unit|shop_unit|high_street_unit",
    "land": "land|vacant_land|cleared_site|new_site",
}
"""A kind, and what it is called besides."""

STATUS: Mapping[str, str] = {
    "existing": "existing|existing_nhc|existing_centre|already_an_nhc|already_nhc|open_nhc",
    "committed": "committed|approved|funded|under_construction|in_delivery|agreed",
    "candidate": "candidate|option|proposed|possible|potential|shortlisted|longlisted"
    "|under_consideration",
    "forbidden": "forbidden|excluded|ruled_out|rejected|discounted|unsuitable|not_suitable"
    "|not_available|do_not_use",
}

WORK: Mapping[str, str] = {
    "none": "none|no|no_works|none_needed|not_needed",
    "refurbishment": "refurbishment|refurb|refurbish|renovation|fit_out|upgrade|conversion",
    "extension": "extension|extend|extended",
    "new build": "new_build|newbuild|new|build|rebuild|new_building",
}


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    return {word: ours for ours, words in table.items() for word in words.split("|")}


_KINDS, _STATUS, _WORK = _by_word(KINDS), _by_word(STATUS), _by_word(WORK)


def kind(text: str) -> str:
    """Name a kind as the planner does; a kind that is not known stays what it is called.

    Examples
    --------
    >>> kind("GP Surgery"), kind("Fire station")
    ('gp_practice', 'fire_station')
    """
    word = simple(text)
    if not word:
        raise ValueError("is no word")
    return _KINDS.get(word, word)


def status(text: str) -> str:
    """Name a status as the planner does.

    Examples
    --------
    >>> status("Ruled out"), status("Under construction")
    ('forbidden', 'committed')
    """
    return _choice(text, _STATUS, STATUSES)


def works(text: str) -> str:
    """Name works as the planner does.

    Examples
    --------
    >>> works("Refurb"), works("New-build")
    ('refurbishment', 'new build')
    """
    return _choice(text, _WORK, WORKS)


def _choice(text: str, words: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    found = words.get(simple(text))
    if found is None:
        raise ValueError(f"is not one of {', '.join(allowed)}")
    return found


WORDS: Mapping[str, Read] = {"kind": kind, "status": status, "works": works}
"""Reader of each column that holds words of ours."""
