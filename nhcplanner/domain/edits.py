"""Edits: what a planner changed about the sites of a place, kept apart from the place itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

Fact = str | float | None


@dataclass(frozen=True)
class SiteEdit:
    """What was changed about one site, or a site that was added.

    Whether a site must or must not open is no edit: a scenario says so (`keep`, `forbid`).

    Parameters
    ----------
    site_id
        The site.
    facts
        Column of the sites and its new value, once each; None makes it blank.
    point
        Easting and northing in metres, where it moved or was added; None = where it was.
    added
        True for a site that the place does not have.
    """

    site_id: str
    facts: tuple[tuple[str, Fact], ...] = ()
    point: tuple[float, float] | None = None
    added: bool = False

    def with_facts(self, **facts: Fact) -> SiteEdit:
        """The same with some facts changed.

        Examples
        --------
        >>> SiteEdit("S1", (("cost", 5.0),)).with_facts(cost=6.0, kind="library").facts
        (('cost', 6.0), ('kind', 'library'))
        """
        return replace(self, facts=tuple({**dict(self.facts), **facts}.items()))


def with_edit(edits: tuple[SiteEdit, ...], one: SiteEdit) -> tuple[SiteEdit, ...]:
    """Edits with one more, which takes the place of an earlier one of its site.

    Examples
    --------
    >>> [one.site_id for one in with_edit((SiteEdit("b"), SiteEdit("a")), SiteEdit("b"))]
    ['a', 'b']
    """
    others = (other for other in edits if other.site_id != one.site_id)
    return tuple(sorted((*others, one), key=lambda edit: edit.site_id))
