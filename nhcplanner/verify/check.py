"""All checks of a hand-in, in order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nhcplanner.verify import (
    access,
    costs,
    documents,
    goals,
    groups,
    inequality,
    layers,
    options,
    other_plans,
    patients,
    return_figures,
    rules,
    sizes,
    windows,
    years,
)
from nhcplanner.verify.facts import Facts, LackingError
from nhcplanner.verify.files import Files
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.reading import files_of, read_files

FORMATS = {
    "tables (CSV)": ".csv", "workbook": ".xlsx", "brief (web page)": ".html",
    "brief (Word)": ".docx", "GeoPackage": ".gpkg", "GeoJSON": ".geojson",
    "shapefile": ".shp", "KML": ".kml", "GeoParquet": ".parquet",
}  # fmt: skip
"""Kinds of file that a hand-in may hold, and how they end."""
_TABLES = {
    "Areas": ("areas", access.check_areas),
    "Plan record": ("origins", access.check_record),
    "People by minutes": ("within", access.check_minutes),
    "Hours": ("windows", windows.check_windows),
    "Suggested evidence": ("fit", windows.check_suggestions),
    "Certainty of band 1": ("notes", access.check_certainty),
    "Groups": ("groups", groups.check_groups),
    "Inequality": ("inequality", inequality.check_inequality),
    "Whom each centre serves": ("catchments", access.check_service),
    "Registered patients": ("patients", patients.check_patients),
    "Goals and proof": ("origins", goals.check_goals),
    "Sizes": ("origins", sizes.check_sizes),
    "Rules": ("origins", rules.check_rules),
    "Costs": ("costs", costs.check_costs),
    "Options": ("options", options.check_options),
    "Price of priority": ("price", options.check_price),
    "Areas that lose": ("losers", options.check_losers),
    "Why each site": ("centres", other_plans.check_reasons),
    "People by year": ("years", years.check_years),
    "Neighbourhoods": ("neighbourhoods", groups.check_neighbourhoods),
    "Levels": ("levels", groups.check_levels),
    "Return": ("estate", return_figures.check_return),
    "Other plans": ("alternatives", other_plans.check_other_plans),
    "Other cases": ("robustness", other_plans.check_cases),
}
"""Checks that recompute: subject, the table that they are about, and the check."""
_OF_TABLES = (
    "areas", "assignment", "catchments", "competition", "patients", "centres", "candidates",
    "exchanges", "alternatives", "losses", "waves", "robustness", "price", "options", "costs",
    "losers", "groups", "furthest", "inequality", "within", "windows", "curve", "long_list",
    "roles", "stays", "years",
)  # fmt: skip


def check_hand_in(path: Path) -> Ledger:
    """Recompute every figure of a hand-in from its files, and compare.

    Parameters
    ----------
    path
        A folder that `hand-in --out` wrote, or a zip of one.

    Raises
    ------
    InputError
        If there is no hand-in.
    """
    files = read_files(path)
    ledger = Ledger()
    for name, why in files.faults:
        ledger.compare(f"{name} can be read", name, why, "a sound file")
    if files.hashes:
        names, stated, now = zip(*files.hashes, strict=True)
        ledger.column("File as it was exported", "sha256.txt", names, now, stated)
    facts = Facts(files)
    _absent(files, ledger)
    for subject, (_, check) in _TABLES.items():
        _run(subject, check, facts, ledger)
    _run("GIS layers", layers.check_layers, facts, ledger)
    _run("Documents", documents.check_documents, facts, ledger)
    return ledger


def _run(
    subject: str, check: Callable[[Facts, Ledger], None], facts: Facts, ledger: Ledger
) -> None:
    """Run a check; missing files and files that do not fit together are reported."""
    try:
        check(facts, ledger)
    except LackingError as error:
        ledger.leave(subject, str(error))
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        # a changed code, a lost column or text among numbers: the files do not fit each other
        words = f"{type(error).__name__}: {error}"[:200]
        ledger.compare(f"{subject}: files fit together", "several", words, "they fit")


def _absent(files: Files, ledger: Ledger) -> None:
    """Record formats and tables that are missing from the hand-in, with any stated reason."""
    for words, ending in FORMATS.items():
        if not any(files_of(files, ending)):
            ledger.leave(words, "this format is not in the hand-in")
    if "origins" not in files.tables or "minutes" not in files.tables:
        ledger.leave(
            "Recomputed figures",
            "tables/origins.csv and tables/minutes.csv are missing: export the format csv too",
        )
        return
    notes = files.tables.get("notes")
    why = {} if notes is None else dict(zip(notes["about"], notes["words"], strict=True))
    for name in _OF_TABLES:
        if name not in files.tables:
            ledger.leave(f"Table {name}", why.get(name, "it is not in the hand-in"))
    if files.record is not None:
        stages = (files.record.get("plan") or {}).get("stages") or []
        reason = "they are of the computer that planned"
        ledger.leave("Seconds of the search (plan.json)", reason, 1 + len(stages))
    for name, stage in (("bounds", "of goals"), ("proofs", "of roles and alternatives")):
        ledger.leave(
            f"{name.capitalize()} {stage}",
            "they rest on the optimiser's search: rerun plan.json to make it again",
        )
