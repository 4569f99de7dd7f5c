"""Workbook, web page and Word document compared with the tables and with each other.

A document's table is matched by what its rows are about (a site, an area, a group, an option, a
mode and its minutes, a band, a case, a goal), so that headings and layout may change. Each figure
must then be one of that row's figures, as far as the document rounds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import DIFFERENT, SAME, Figure, Ledger, number
from nhcplanner.verify.reading import Page, tidy

ENOUGH = 0.5
"""Share of a column's figures that must be among their rows' figures for it to be compared."""
LEAST_IN_PROSE, LEAST_IN_WORDS = 1_000, 100
"""Least number that is compared in a sentence, and in a cell that holds words."""
_TOKEN = re.compile(
    r"(?<![\w.,/-])(?P<sign>[-+]?)£?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?"
    r"(?P<unit>%| ?million\b| ?bn\b)?(?![\w/-]|\.\d)"
)
_FACTOR = {"%": 0.01, "million": 1e6, "bn": 1e9, "": 1.0}
_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b\d{4}-\d{2}(-\d{2})?\b|\b(19|20)\d\d\b")


@dataclass
class Family:
    """Facts of one kind of row: what names a row, and its figures.

    Parameters
    ----------
    name
        What rows are about.
    rows
        Key -> figures; a key is the set of texts that must all stand in the row.
    leads
        Whether a row is about it only where its first cell names it: a goal stands in rows about
        sites and other plans too.
    lacks
        Pattern of headings, in plain form, above figures that the tables at hand do not hold.
    """

    name: str
    rows: dict[frozenset[str], set[float]] = field(default_factory=dict)
    by_text: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    leads: bool = False
    lacks: str = ""

    def add(self, keys: Iterable[Any], figures: Iterable[Any]) -> None:
        """Add figures to the row that some texts name."""
        key = frozenset(plain(one) for one in keys)
        if not key or "" in key:
            return
        if key not in self.rows:
            self.rows[key] = set()
            for text in key:
                self.by_text.setdefault(text, []).append(key)
        for one in figures:
            if isinstance(one, (int, float, np.integer, np.floating)) and np.isfinite(one):
                self.rows[key].add(float(one))

    def figures(self, texts: list[str]) -> set[float] | None:
        """Return the figures of the row with these texts; None where it is not known."""
        found: set[float] | None = None
        texts = texts[:1] if self.leads else texts
        for text in set(texts):
            for key in self.by_text.get(text, ()):
                if key <= set(texts):
                    found = (found or set()) | self.rows[key]
        return found


def plain(value: Any) -> str:
    """Return a text without case, marks and spaces at its ends, as keys are compared."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = re.sub(r"\([^()]*\)", " ", str(value)) if not str(value).startswith("(") else str(value)
    return re.sub(r"[^\w]+", " ", text).strip().lower()


_GROUP_WORDS = {
    ("disability", "other people"): ("people who are not disabled",),
    ("household", "without a car"): ("people in households without a car",),
    ("household", "with a car"): ("people in households with a car",),
}
_MODES = {"walk": "on foot", "cycle": "by cycle", "transit": "by bus or train", "drive": "by car"}


def families(facts: Facts) -> list[Family]:
    """Return the facts of the hand-in's tables, by what their rows are about."""
    tables = {name: facts.table(name) for name in facts.files.tables if "/" not in name}
    return [
        one
        for one in (
            _sites(tables), _areas(tables), _groups(tables), _options(tables),
            _minutes(tables), _price(tables), _cases(facts, tables), _goals(facts),
            _alternatives(tables), _waves(tables), _inequality(tables),
        )
        if one.rows
    ]  # fmt: skip


def _numbers(row: Any) -> list[float]:
    return [value for value in row if isinstance(value, (int, float)) and not pd.isna(value)]


def _sites(tables: dict[str, pd.DataFrame]) -> Family:  # noqa: C901, PLR0912
    found = Family("site")
    names = {}
    if "sites_wide" in tables:
        frame = tables["sites_wide"]
        title = frame["site_name"] if "site_name" in frame else frame["site_id"]
        names = {str(s): n or s for s, n in zip(frame["site_id"], title, strict=True)}
    for name in ("sites_wide", "centres_wide", "catchments", "costs", "stays", "roles", "losses",
                 "candidates", "centres", "exchanges"):  # fmt: skip
        if name not in tables:
            continue
        for row in tables[name].to_dict("records"):
            site = str(row["site_id"])
            figures = _numbers(row.values())
            if name in ("exchanges", "losses"):
                figures += [abs(one) for one in figures]
            served = row.get("people_served", row.get("people"))
            if isinstance(served, float):
                figures.append(served / 50_000)
            for key in (site, names.get(site, site)):
                found.add([key], figures)
    if "candidates" in tables:
        for one, people in tables["candidates"].groupby("site_id")["adds"].sum().items():
            found.add([one], [people])
    if "catchments" in tables:
        total = tables["catchments"].select_dtypes("number").sum()
        for word in ("All", "Total", "Sum, as far as given"):
            found.add([word], [*total.tolist(), len(tables["catchments"])])
            if "centres_wide" in tables:
                found.add([word], tables["centres_wide"].select_dtypes("number").sum().tolist())
    if "losses" in tables:
        people = tables["losses"][tables["losses"]["unit"] == "people"]
        for one, lost in people.groupby("site_id")["lost"].sum().items():
            for key in (str(one), names.get(str(one), str(one))):
                found.add([key], [lost, abs(lost)])
    return found


def _areas(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("area")
    for name in ("areas_wide", "areas", "losers", "assignment"):
        if name in tables:
            for row in tables[name].to_dict("records"):
                found.add([row["area_code"]], _numbers(row.values()))
    return found


def _groups(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("group")
    for row in tables.get("groups", pd.DataFrame()).to_dict("records"):
        grouping, group, figures = row["grouping"], str(row["group"]), _numbers(row.values())
        words = [group] if not group.isdigit() else []
        if grouping == "band":
            words += [f"band {group}", f"band {group} (lowest HLE)"]
            found.add(["Band of need (1 = first)", group], figures)
        if grouping == "imd_quintile":
            words += [f"fifth {group}"]
            found.add(["Fifth of deprivation (1 = most deprived)", group], figures)
        if grouping == "age":
            words += [f"people aged {group}"]
        words += _GROUP_WORDS.get((grouping, group), ())
        if group == "not known":
            found.add([_GROUPINGS.get(grouping, grouping), group], figures)
            words = []
        for word in words:
            found.add([word], figures)
    return found


_GROUPINGS = {
    "band": "Band of need (1 = first)", "imd_quintile": "Fifth of deprivation (1 = most deprived)",
    "age": "Age", "disability": "Disability", "household": "Household",
    "rural_urban": "Rural or urban", "coastal": "Coastal or inland", "council": "Council",
    "district": "District", "icb": "ICB",
}  # fmt: skip


def _options(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("option")
    for row in tables.get("options", pd.DataFrame()).to_dict("records"):
        found.add([row["option"]], _numbers(row.values()))
    return found


def _minutes(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("mode and minutes")
    for name in ("within", "curve"):
        for row in tables.get(name, pd.DataFrame()).to_dict("records"):
            mode = str(row["mode"]).removeprefix("the plan's own: ")
            for word in {row["mode"], mode, _MODES.get(mode.split(" (")[0], mode)}:
                found.add([word, f"{row['minutes']:g}"], _numbers(row.values()))
    return found


def _price(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("band in the price of priority")
    for row in tables.get("price", pd.DataFrame()).to_dict("records"):
        band = row["band"]
        word = f"{band:g}" if isinstance(band, float) else str(band)
        found.add([word], [row["people_plan"], row["people_without"], row["difference"]])
    return found


def _cases(facts: Facts, tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("case")
    for row in tables.get("robustness", pd.DataFrame()).to_dict("records"):
        opened = len(facts.record["plan"]["opened"])
        kept = row["stays"] * opened
        found.add([row["case"]], [*_numbers(row.values()), kept, opened])
    return found


def _goals(facts: Facts) -> Family:
    found = Family("goal", leads=True, lacks="" if facts.has("alternatives") else r"plan \d+")
    for stage in facts.record["plan"].get("stages") or []:
        found.add([stage["goal"]], [stage.get("value"), stage.get("bound"), stage.get("gap")])
    if facts.has("alternatives"):
        for row in facts.table("alternatives").to_dict("records"):
            found.add([row["goal"]], [row["value"]])
    return found


def _alternatives(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("alternative and goal")
    for row in tables.get("alternatives", pd.DataFrame()).to_dict("records"):
        found.add([row["plan"], row["goal"]], [row["value"]])
    return found


def _waves(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("wave")
    for row in tables.get("waves", pd.DataFrame()).to_dict("records"):
        found.add([row["wave"]], _numbers(row.values()))
    return found


def _inequality(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("measure of inequality")
    for row in tables.get("inequality", pd.DataFrame()).to_dict("records"):
        found.add([row["of"], row["measure"]], _numbers(row.values()))
    return found


@dataclass(frozen=True)
class Token:
    """A figure as a document prints it.

    Parameters
    ----------
    text
        As printed.
    value
        Its number; a percentage as a share.
    room
        Half of its last digit.
    """

    text: str
    value: float
    room: float

    def is_among(self, figures: Iterable[float]) -> bool:
        """Whether one of some figures is printed so."""
        room = self.room * (1 + 1e-6) + 1e-9 * abs(self.value)
        return any(abs(figure - self.value) <= room for figure in figures)


def tokens(text: str) -> Iterator[Token]:
    """Yield the figures of a text; years and dates are passed over."""
    for match in _TOKEN.finditer(_DATE.sub(" ", text)):
        part = match["part"] or ""
        unit = (match["unit"] or "").strip()
        value = float(match["digits"].replace(",", "") + part) * _FACTOR[unit]
        room = 0.5 * 10.0 ** -max(len(part) - 1, 0) * _FACTOR[unit]
        yield Token(match[0].strip(), -value if match["sign"] == "-" else value, room)


def figures_of(cell: Any) -> list[Token]:
    """Return the figures of a cell: its number as it is, or those of its text."""
    if isinstance(cell, bool) or cell is None:
        return []
    if isinstance(cell, (int, float)):
        return [Token(f"{cell:,.10g}", float(cell), 1e-9 * max(abs(float(cell)), 1e-3))]
    text = str(cell)
    found = list(tokens(text))
    if re.search(r"[^\W\d_]{3}", text.replace("million", "")):  # words: small numbers are names
        found = [one for one in found if _counts(one) or abs(one.value) >= LEAST_IN_WORDS]
    return found


def check_documents(facts: Facts, ledger: Ledger) -> None:
    """Compare every document with the tables, and the two forms of the brief with each other."""
    files = facts.files
    if not files.books and not files.pages:
        return
    known = families(facts)
    if not known:
        ledger.leave("Documents", "the hand-in has no tables (CSV) to compare them with")
    said = every_figure(facts)
    for name, sheets in files.books.items():
        for sheet, rows in sheets.items():
            where = f"{name}, sheet {sheet}"
            blocks, prose = split(rows)
            for block in blocks:
                _check_table(block, known, where, ledger)
            _check_prose(prose, said, where, facts, ledger)
    for name, page in files.pages.items():
        for rows in page.tables:
            _check_table([list(row) for row in rows], known, name, ledger)
        _check_prose(page.paragraphs, said, name, facts, ledger)
    _check_briefs(files.pages, ledger)


def split(rows: list[list[Any]]) -> tuple[list[list[list[Any]]], list[str]]:
    """Part a sheet into tables (two cells a row or more) and lines of prose."""
    blocks: list[list[list[Any]]] = [[]]
    prose = []
    for row in rows:
        filled = [cell for cell in row if cell not in ("", None)]
        if len(filled) > 1:
            blocks[-1].append(row)
            continue
        prose += [tidy(cell) for cell in filled if isinstance(cell, str)]
        if blocks[-1]:
            blocks.append([])
    return [block for block in blocks if len(block) > 1], prose


def _check_table(  # noqa: C901
    rows: list[list[Any]], known: list[Family], where: str, ledger: Ledger
) -> None:
    """Compare a document's table with the family of facts that its rows are about."""
    if len(rows) < 2:
        return
    head = [tidy(str(cell)) for cell in rows[0]]
    if "Weighted score" in head:
        ledger.leave(f"{where}: scores", "formulas of the workbook, by weights that people set")
        return
    best: tuple[int, Family, list[tuple[int, str, set[float]]]] | None = None
    for family in known:
        matched = []
        hits = 0
        for row in rows[1:]:
            texts = [plain(cell) for cell in row if cell not in ("", None)]
            figures = family.figures(texts)
            if figures is None:
                continue
            name = " / ".join(str(cell) for cell in row[:3] if cell not in ("", None))[:60]
            for cell in row:
                for token in figures_of(cell):
                    hits += token.is_among(figures)
            matched.append((rows.index(row), name, figures))
        if matched and (best is None or hits > best[0]):
            best = (hits, family, matched)
    title = f"table of {len(rows) - 1} rows ({', '.join(head[:3])} ...)"
    if best is None or not best[0]:
        if any(figures_of(cell) for row in rows[1:] for cell in row[1:]):
            ledger.leave(f"{where}: {title}", "no table says what its rows are about")
        return
    _check_columns(rows, head, best[1], best[2], where, ledger)


def _check_columns(
    rows: list[list[Any]],
    head: list[str],
    family: Family,
    matched: list[tuple[int, str, set[float]]],
    where: str,
    ledger: Ledger,
) -> None:
    width = max(len(row) for row in rows)
    for column in range(width):
        label = head[column] if column < len(head) else ""
        good, bad = 0, []
        for row, name, figures in matched:
            cell = rows[row][column] if column < len(rows[row]) else None
            if plain(cell) in family.by_text and not isinstance(cell, float):
                continue
            for token in figures_of(cell):
                if token.is_among(figures):
                    good += 1
                else:
                    bad.append((name, token, figures))
        if not good and not bad:
            continue
        lacked = re.fullmatch(family.lacks, plain(label)) if family.lacks else None
        if lacked or good < ENOUGH * (good + len(bad)):
            ledger.leave(f"{where}: column {label!r}", "its figures are in no table")
            continue
        words = f"{good:,} figures by {family.name}"
        if good:
            ledger.figures.append(Figure(label, where, words, words, SAME, good))
        for name, token, figures in bad:
            near = min(figures, key=lambda one: abs(one - token.value), default=np.nan)
            ledger.figures.append(
                Figure(f"{label}, {name}", where, token.text, f"{near:,.6g}", DIFFERENT)
            )


def every_figure(  # noqa: C901
    facts: Facts,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return every figure of the tables but those of single areas, for figures in sentences."""
    found: list[float] = [0.0, 1.0, 50_000, 30_000, 250, 228_000, 1_140, 250_000, 234_400, 1_172]
    of_areas = {"areas", "areas_wide", "areas_long", "minutes", "origins", "curve", "case_bands",
                "columns", "settings"}  # fmt: skip
    if facts.has("curve"):
        curve = facts.table("curve")
        some = curve[curve["minutes"] % 15 == 0].select_dtypes("number")
        found += some.to_numpy(dtype=np.float64).ravel().tolist()
    found += [
        n for n in map(number, facts.files.tables.get("settings", {"value": ()})["value"]) if n
    ]
    for name in facts.files.tables:
        if name in of_areas or "/" in name:
            continue
        numbers = facts.table(name).select_dtypes("number")
        found += numbers.to_numpy(dtype=np.float64).ravel().tolist()
        found += numbers.sum().tolist()
    found += list(_leaves(facts.record)) + _of_other_plans(facts)
    found += _of_areas(facts)
    for name, column in (("losers", "people"), ("candidates", "adds"), ("assignment", "people")):
        if facts.has(name):
            frame = facts.table(name)
            for key in ("against", "site_id", "out_of_reach"):
                if key in frame:
                    found += frame.groupby(key)[column].sum().tolist()
            if name == "losers":
                found += frame.groupby(["against", "out_of_reach"])[column].sum().tolist()
    if facts.has("groups"):
        frame = facts.table("groups")
        for when in ("before", "after"):
            rest = frame["people"] - frame[f"within_{when}"]
            found += rest.tolist() + (1 - frame[f"share_{when}"]).tolist()
        found += (frame["within_after"] - frame["within_before"]).tolist()
    values = np.array([one for one in found if one is not None], dtype=np.float64)
    values = values[np.isfinite(values)]
    return np.unique(np.concatenate([values, -values]))


def _of_other_plans(facts: Facts) -> list[float]:
    """What other plans reach more or fewer of, goal by goal and in all."""
    found: list[float] = []
    stages = facts.record["plan"].get("stages") or []
    plan = {one["goal"]: one["value"] for one in stages if one.get("unit") == "people"}
    if facts.has("alternatives"):
        for _, part in facts.table("alternatives").groupby("plan"):
            values = dict(zip(part["goal"], part["value"], strict=True))
            found += [values[goal] - plan[goal] for goal in plan if goal in values]
            found.append(sum(values.get(goal, 0.0) for goal in plan) - sum(plan.values()))
    if facts.has("losses"):
        people = facts.table("losses")
        found += people[people["unit"] == "people"].groupby("site_id")["lost"].sum().tolist()
    return found


def _leaves(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield float(value)


def _of_areas(facts: Facts) -> list[float]:
    """What sentences and legends say of areas: least, most, median, and people by class."""
    if not facts.has("areas_wide"):
        return []
    areas = facts.areas
    found: list[float] = [len(areas), float(areas["people"].sum())]
    for column in map(str, areas.columns):
        if pd.api.types.is_numeric_dtype(areas[column]):
            continue
        if areas[column].nunique() < 200:
            found += areas.groupby(column)["people"].sum().tolist()
            found += (areas.groupby(column)["people"].sum() / areas["people"].sum()).tolist()
    for name in areas.select_dtypes("number").columns:
        column = str(name)
        value = pd.DataFrame({"of": areas[column], "heads": areas["people"]}).dropna()
        value = value.sort_values("of")
        if len(value):
            half = value["heads"].cumsum() >= value["heads"].sum() / 2
            found += [value["of"].iloc[0], value["of"].iloc[-1],
                      float(value.loc[half, "of"].iloc[0])]  # fmt: skip
            found += (
                areas.groupby(column)["people"].sum().tolist()
                if (areas[column].nunique() < 30)
                else []
            )
    if "hle" in areas:
        ties = areas["hle"].round(1)
        found += areas.groupby([ties, areas["band"]])["people"].sum().tolist()
        found += areas.groupby([areas["hle"], areas["band"]])["people"].sum().tolist()
        found += areas.groupby(areas["hle"])["people"].sum().tolist()
    return found + _by_change(areas) + _by_lost_site(facts)


def _by_lost_site(facts: Facts) -> list[float]:
    """People of areas that lose against another option, by the site that is nearest there."""
    if not (facts.has("losers") and facts.has("option_sites") and facts.has("minutes")):
        return []
    losers = facts.table("losers")
    lost = set(losers["area_code"].astype(str))
    codes = facts.areas["area_code"].astype(str)
    heads = facts.areas["people"].where(codes.isin(lost), 0.0).to_numpy(dtype=np.float64)
    found: list[float] = []
    for _, part in facts.table("option_sites").groupby("option"):
        nearest = facts.nearest_site(facts.positions(part["site_id"]))
        of_area = pd.Series(nearest).groupby(facts.area).agg(lambda one: one.mode().iloc[0])
        frame = pd.DataFrame({"site": of_area.reindex(range(len(codes))), "heads": heads})
        found += frame.groupby("site")["heads"].sum().tolist()
    return found


def _by_change(areas: pd.DataFrame) -> list[float]:
    """People by what happens to the minutes of their area, as the map of changes parts them."""
    heads = areas["people"].to_numpy(dtype=np.float64)
    before, after = (
        areas[f"minutes_{when}"].to_numpy(dtype=np.float64) for when in ("before", "after")
    )
    once, then = np.isfinite(before), np.isfinite(after)
    change = after - before
    edges = [-np.inf, -10, -5, -1, 1, 5, 10, np.inf]
    flags = [~once & then, once & ~then, ~once & ~then]
    flags += [once & then & (change <= high) for high in edges[1:4]]
    flags += [once & then & (change > low) & (change <= high)
              for n, low in enumerate(edges[:-1]) for high in edges[n + 1 :]]  # fmt: skip
    flags += [once & then & (change >= low) & (change < high)
              for n, low in enumerate(edges[:-1]) for high in edges[n + 1 :]]  # fmt: skip
    flags.append(once & then & (np.abs(change) < 1))
    minutes = [0, 10, 15, 20, 30, 60]
    for when in (before, after):
        flags += [(when > low) & (when <= high) for low, high in pairwise(minutes)]
        flags.append(when <= 10)
    return [float(heads[flag].sum()) for flag in flags]


def _is_class(facts: Facts, text: str, token: Token) -> bool:
    """Whether a figure is the people of a class of HLE that the sentence states."""
    pattern = rf"([\d.]+) to ([\d.]+)(?: years)?: {re.escape(token.text)}"
    match = re.search(pattern, text)
    if match is None or not facts.has("areas_wide") or "hle" not in facts.areas:
        return False
    hle = facts.areas["hle"].to_numpy(dtype=np.float64)
    heads = facts.areas["people"].to_numpy(dtype=np.float64)
    low, high = float(match[1]), float(match[2])
    least = heads[(hle >= low + 0.05) & (hle <= high - 0.05)].sum()
    most = heads[(hle >= low - 0.05) & (hle <= high + 0.05)].sum()
    return bool(least <= token.value <= most)


def _check_prose(
    paragraphs: list[str], said: np.ndarray[Any, Any], where: str, facts: Facts, ledger: Ledger
) -> None:
    """Compare large numbers and percentages with a decimal in sentences with every figure."""
    good = 0
    for text in paragraphs:
        for token in tokens(text):
            if not _counts(token):
                continue
            room = token.room * (1 + 1e-6) + 1e-9 * abs(token.value)
            place = int(np.searchsorted(said, token.value - room))
            known = place < len(said) and said[place] <= token.value + room
            if known or _is_class(facts, text, token):
                good += 1
                continue
            at = max(text.find(token.text) - 50, 0)
            words = text[at : at + 110]
            if not facts.files.tables:
                ledger.leave(f"{where}: figures in sentences", "there are no tables (CSV)")
                continue
            ledger.figures.append(
                Figure(f"In '...{words}...'", where, token.text, "in no table", DIFFERENT)
            )
    if good:
        found = f"{good:,} figures in sentences"
        ledger.figures.append(Figure("Figures in sentences", where, found, found, SAME, good))


def _counts(token: Token) -> bool:
    """Whether a figure in a sentence is large or fine enough to be told from others."""
    if token.text.endswith("%"):
        return "." in token.text
    return abs(token.value) >= LEAST_IN_PROSE and "," in token.text


def _check_briefs(pages: dict[str, Page], ledger: Ledger) -> None:
    """Compare the figures of the web page with those of the Word document."""
    html = next((name for name in pages if name.endswith(".html")), None)
    word = next((name for name in pages if name.endswith(".docx")), None)
    if html is None or word is None:
        return
    where = f"{html}, against {word}"
    mine, theirs = (_printed(pages[name]) for name in (html, word))
    lost = mine.keys() - theirs.keys()
    new = theirs.keys() - mine.keys()
    for text in sorted(lost):
        ledger.figures.append(Figure(mine[text], where, text, "not in Word", DIFFERENT))
    for text in sorted(new):
        ledger.figures.append(Figure(theirs[text], where, "not on the page", text, DIFFERENT))
    number = len(mine.keys() & theirs.keys())
    if number:
        words = f"{number:,} different figures"
        ledger.figures.append(Figure("Figures of the brief", where, words, words, SAME, number))


def _printed(page: Page) -> dict[str, str]:
    """Every figure that a document prints, with the sentence or row it stands in."""
    found: dict[str, str] = {}
    rows = [" / ".join(row) for table in page.tables for row in table]
    for text in [*rows, *page.paragraphs]:
        for token in tokens(text):
            if _counts(token) or "." in token.text:
                found.setdefault(token.text, text[:90])
    return found
