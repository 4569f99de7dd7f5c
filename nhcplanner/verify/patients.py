"""Registered patients of each practice against where they live."""

from __future__ import annotations

from nhcplanner.verify.facts import Facts, as_words
from nhcplanner.verify.ledger import Ledger


def check_patients(facts: Facts, ledger: Ledger) -> None:
    """Compare the registered patients of each practice with where they live."""
    if not facts.has("patients"):
        return
    published, lives = facts.table("patients"), facts.table("patients_by_area")
    areas = facts.table("areas").set_index("area_code")
    at = lives["area_code"].to_numpy()
    for when in ("before", "after"):
        share = areas.loc[at, f"share_{when}"].to_numpy(dtype=float)
        lives[f"within_{when}"] = lives["patients"].to_numpy(dtype=float) * share
    lives["from_place"] = lives["patients"]
    columns = ["from_place", "within_before", "within_after"]
    sums = lives.groupby(as_words(lives["site_id"]))[columns].sum()
    ids = as_words(published["site_id"])
    mine = sums.reindex(ids, fill_value=0.0).rename_axis("site_id").reset_index()
    mine["patients"] = mine["from_place"] + published["from_elsewhere"].to_numpy(dtype=float)
    ledger.table("Registered patients", "tables/patients.csv", published, mine, ["site_id"])
