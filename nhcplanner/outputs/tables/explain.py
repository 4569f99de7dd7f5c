"""Price of priority for those in most need, as a table and in words."""

from __future__ import annotations

import pandas as pd


def table(price: pd.DataFrame) -> pd.DataFrame:
    """Return people in reach with and without priority, by band and for all.

    Parameters
    ----------
    price
        `band` ("all" = all), `people_plan`, `people_without`, `difference` (number fewer).

    Returns
    -------
    DataFrame
        `band`, `people_plan`, `people_without` and `difference`, with the sign of the command line
        and of the documents: how many fewer are reached because of priority.
    """
    columns = ["band", "people_plan", "people_without", "difference"]
    return price.assign(band=price["band"].replace("all", "All"))[columns]


def words(price: pd.DataFrame) -> str:
    """Describe what priority adds for band 1 and what it costs all people.

    Examples
    --------
    >>> words(pd.DataFrame({"band": ["1", "all"], "difference": [-30.0, 20.0]}))
    'With those in most need first, 30 more people of band 1 are in reach, and 20 fewer in all.'
    """
    fewer = price.set_index("band")["difference"]
    if not fewer.any():
        return "Priority costs no reach here: without it as many people are within reach."
    if "1" not in fewer.index:
        parts = [f"{_more(-fewer['all'], 'people')} are in reach"]
    else:
        parts = [f"{_more(-fewer['1'], 'people of band 1')} are in reach"]
        parts.append(_more(-fewer["all"], "in all"))
    return f"With those in most need first, {', and '.join(parts)}."


def _more(people: float, who: str) -> str:
    return f"{abs(people):,.0f} {'more' if people >= 0 else 'fewer'} {who}"
