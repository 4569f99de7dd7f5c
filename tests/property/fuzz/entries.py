"""Doors: each way in, tried with one spoilt file as its user would try it."""

import io
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType

from nhcplanner import cli, layers, outputs, workflow
from nhcplanner.base.errors import Fault, InputError, PlannerError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.pages.session import owner
from nhcplanner.workflow import intake
from tests.property.fuzz import gentle, laws
from tests.property.fuzz.dictionary import cell
from tests.property.fuzz.hostile import HOSTILE, Hostile, Make
from tests.property.fuzz.spoil import spoil

SOUND = 0.5
"""Share of tries without spoilt files whose words are sound."""
AREAS = ("areas.gpkg", "areas.geojson", "areas.parquet", "areas.shp", "areas.csv", "areas.csv.gz")
SITES = ("sites.csv", "sites.gpkg", "sites.geojson")
QUICK = ("--set", "time_limit=3")
MOST_WORDS = 60_000
"""A message longer than this is no message."""
MESSAGES: list[str] = []
"""What the tries of this process wrote to the terminal, or were refused with."""

Try = Callable[[Path, Random], int]
"""Tries a door in a folder of originals, some spoilt; gives 0 where it opened and 2 where not."""


@dataclass(frozen=True)
class Door:
    """A way in.

    Parameters
    ----------
    files
        Which of the originals may be spoilt, by patterns.
    attempt
        Tries it.
    make
        Writes one file more into the folder, as it is.
    """

    files: tuple[str, ...]
    attempt: Try
    make: Make | None = None

    def enter(self, folder: Path, chance: Random) -> None:
        """Spoil a file in a folder of originals, or some; write the one that is given."""
        if self.make is not None:
            self.make(folder)
        there = sorted(path for one in self.files for path in folder.glob(one))
        most = 5
        for path in chance.sample(there, min(len(there), chance.choice((1, 1, 1, most)))):
            spoil(path, chance)


def command(folder: Path, *words: object) -> int:
    """Run the command line in this process, from a folder.

    Raises
    ------
    AssertionError
        Where it ends otherwise than with 0, or with 2 and a message.
    """
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["nhcplanner", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            cli.main()
        code: object = 0
    except SystemExit as stop:
        code = stop.code or 0
    finally:
        sys.argv = before
    MESSAGES.extend((out.getvalue(), err.getvalue()))
    said = err.getvalue() if code else out.getvalue()
    assert code in (0, 2), f"ended with {code}: {said}"
    assert said.strip(), f"ended with {code} and without a word"
    assert len(said) <= MOST_WORDS, f"ended with {code} and {len(said):,} characters"
    assert "Traceback" not in said, said
    return int(code)


def refused(work: Callable[[], object]) -> int:
    """0 where some work is done, 2 where it is refused in words."""
    try:
        work()
    except PlannerError as error:
        said = str(error)
    else:
        return 0
    MESSAGES.append(said)
    assert said.strip(), "refused without a word"
    assert len(said) <= MOST_WORDS, f"refused in {len(said):,} characters"
    return 2


def _built(*more: str, areas: Sequence[str] = AREAS[:1], sites: Sequence[str] = SITES[:1]) -> Try:
    def attempt(folder: Path, chance: Random) -> int:
        given = ["--areas", chance.choice(areas), "--sites", chance.choice(sites)]
        return command(folder, "build", *given, "--columns", "columns.toml", *more, "--out", "out")

    return attempt


def _fetched(folder: Path, chance: Random) -> int:
    """Official files that a user downloaded, with a list of the user's own."""
    name = chance.choice(("Hartlepool", "Hartlepool", "Hartlepol", "E01001001", "QHM", ""))
    words = ["--from-files", "official", "--sites", "sites.csv", "--streets", "none"]
    return command(folder, "fetch", name, *words, "--no-timetable", "--out", "out")


def _planned(*more: str) -> Try:
    def attempt(folder: Path, chance: Random) -> int:
        mode = chance.choice(("walk", "walk", "walk", "drive", "transit", "cycle"))
        words = [*more, *QUICK, "--set", f"mode={mode}", "--set", "transit_day=2025-06-03"]
        return command(folder, "plan", "place", *words, "--out", "out")

    return attempt


def _set(folder: Path, chance: Random) -> int:
    """Settings on the command line: sound ones, or any key with any value."""
    words = gentle.flags(chance) if chance.random() < SOUND else _odd_settings(chance)
    return command(folder, "plan", "place", *words, *QUICK, "--out", "out")


def _odd_settings(chance: Random) -> list[str]:
    keys = [*Scenario.model_fields, "cuont", "", "__class__"]
    values = ("[1,2]", '["S1"]', "{a=1}", "S1,S2", "3", "20", "lowest_hle_first", "['x:*=1']",
              "p_median", "set_cover", "p_centre", "max_coverage_within_capacity",
              "'x")  # fmt: skip
    words = []
    for _ in range(chance.choice((1, 2, 3))):
        value = chance.choice((_word(chance), chance.choice(values)))
        words += ["--set", f"{chance.choice(keys)}{chance.choice('=====:')}{value}"]
    return words


def _word(chance: Random) -> str:
    """A cell of the dictionary that can be a word of a command: an operating system allows no 0."""
    return cell(chance).replace("\x00", "")


def _asked(folder: Path, chance: Random) -> int:
    """Questions beyond a plan, with sound options or odd ones."""
    if chance.random() < SOUND:
        question = chance.choice(SOUND_QUESTIONS)
        settings = ["--set", chance.choice(("count=2", "count=1", "budget=3e6"))]
    else:
        question = _odd_question(chance)
        settings = ["--set", chance.choice(("count=2", "count=0", "count=99", "budget=0",
                                            "reach=0.001"))]  # fmt: skip
    where = [] if question[0] == "keys" else ["place"]
    limit = ["--set", "time_limit=2"] if question[0] in SETTABLE else []
    return command(folder, question[0], *where, *question[1:], *(settings if limit else ()), *limit)


SETTABLE = ("alternatives", "roles", "frontier", "phases", "explain", "losses", "regret", "robust",
            "price", "need", "access", "gaps")  # fmt: skip
SOUND_QUESTIONS = (
    ["alternatives", "--within", "5", "--number", "2"], ["roles", "--within", "5"],
    ["frontier", "--first", "people", "--second", "cost"], ["frontier", "--second", "centres"],
    ["phases", "--wave", "2030=1", "--wave", "2035=2"], ["access", "--mode", "walk"], ["need"],
    ["explain"], ["losses"], ["robust"], ["gaps"], ["check"], ["price"],
)  # fmt: skip


def _odd_question(chance: Random) -> list[str]:
    def number() -> str:
        return chance.choice(("0", "-1", "nan", "inf", "1e308", "x", "", "2", "3", "1000000"))

    def wave() -> str:
        return f"{_word(chance)}={number()}"

    questions = (
        ["alternatives", "--within", number(), "--differ", number(), "--number", number()],
        ["roles", "--within", number(), "--differ", number(), "--number", number()],
        ["frontier", "--first", chance.choice(("people", "cost", "x", "")), "--second",
         chance.choice(("worst_off", "centres", "people", "<b>"))],
        ["phases", "--wave", wave(), "--wave", wave()],
        ["access", "--kind", _word(chance), "--mode", chance.choice(("walk", "drive", "fly", ""))],
        ["explain"], ["losses"], ["regret"], ["robust"],
    )  # fmt: skip
    return chance.choice(questions)


def _record(folder: Path, chance: Random) -> int:
    words = chance.choice(
        (
            ["rerun", "plan", "place"],
            ["rerun", "plan/plan.json", "place", "--json"],
            ["compare", "plan", "plan2", "--place", "place", "--out", "out"],
            ["export", "plan", "--out", "out", "--formats", "csv,geojson", "--seconds", "1"],
            ["change", "plan", "--open", "S3", "--out", "out"],
        )
    )
    return command(folder, *words)


def _saved(folder: Path, chance: Random) -> int:
    """Work that the app kept, as it is read when a tab is opened again."""

    def work() -> None:
        found = layers.read_saved(folder / "work.json")
        place = workflow.with_edits(layers.read_place(folder / "place"), found.edits)
        for plan in found.plans:
            workflow.replan(place, plan.scenario, plan.to_plan(place))

    return refused(work)


def _upload(folder: Path, chance: Random) -> int:
    packed = (folder / "place.zip").read_bytes()

    def work() -> None:
        try:
            layers.read_place(layers.unpack_place(packed, folder / "out"))
        except PlannerError:
            shutil.rmtree(folder / "out", ignore_errors=True)  # unpacked whole, and no place
            raise

    return refused(work)


def _list(folder: Path, chance: Random) -> int:
    """A list of buildings uploaded in the app, under whatever name."""
    path = chance.choice([*folder.glob("sites.*")])
    names = (path.name, path.name, f"../{path.name}", "x" * 300 + path.suffix, "a\x00.csv")
    return _taken_in(folder, path, chance.choice(names))


def _taken_in(folder: Path, path: Path, name: str) -> int:
    def work() -> None:
        place = layers.read_place(folder / "place")
        upload = intake.receive(path.read_bytes(), name)
        decisions = intake.Decisions(no_faulty=True, no_far=True, matches=((0, intake.CHANGE),))
        found = intake.review(place, upload, decisions)
        now = workflow.Choices((), (), ())
        seen = intake.preview(place, place, found, decisions, now)
        if seen.waiting:
            raise InputError([Fault(sentence) for sentence in seen.waiting])
        workflow.with_edits(place, seen.choices.edits, seen.choices.records)

    return refused(work)


def _address(folder: Path, chance: Random) -> int:
    fields = list(Scenario.model_fields)
    given = {chance.choice(fields): cell(chance) for _ in range(chance.choice((0, 1, 3)))}
    if chance.random() < SOUND:
        given = owner.parameters("k", "demo", Scenario(**gentle.settings(chance)))
    text = (folder / "scenario.toml").read_bytes().decode("utf-8-sig", errors="replace")

    def work() -> None:
        owner.scenario(given, owner.START)
        Scenario.from_toml(text, "scenario.toml")

    return refused(work)


def _handed_in(folder: Path, chance: Random) -> int:
    """Every document that is made of a plan, for a place with spoilt names."""
    made = command(folder, "plan", "place", "--set", "count=2", *QUICK, "--out", "plan3")
    if made:
        return made
    try:
        formats = ",".join(chance.sample(sorted(outputs.WRITERS), 3))
        without = [word for part in workflow.PARTS for word in ("--without", part)]
        words = ["--place", "place", "--formats", formats, "--seconds", "2", *without]
        return command(folder, "export", "plan3", "--out", "out", *words)
    finally:
        shutil.rmtree(folder / "plan3", ignore_errors=True)


def _lawful(folder: Path, chance: Random) -> int:
    """A small place whose right figures are known."""
    laws.judge(folder, chance)
    return 0


def _brought(one: Hostile) -> Try:
    """Bring a hostile file by the command line."""

    def attempt(folder: Path, chance: Random) -> int:
        given = {"--areas": "areas.gpkg", "--sites": "sites.csv", "--columns": "columns.toml"}
        if one.option == "place":
            return _upload(folder, chance)
        if one.option == "plan":
            words = ["plan", "place", "--scenario", one.file, *QUICK]
            return command(folder, *words, "--out", "out")
        given[one.option] = one.file
        words = [word for pair in given.items() for word in pair]
        return command(folder, "build", *words, "--out", "out")

    return attempt


def _uploaded(one: Hostile) -> Try:
    """Bring a hostile list of buildings to the app."""

    def attempt(folder: Path, chance: Random) -> int:
        return _taken_in(folder, folder / one.file, one.file)

    return attempt


_TABLES = ("--table", "hle.csv")
DOORS: Mapping[str, Door] = MappingProxyType(
    {
        "areas": Door(
            ("areas.*",),
            _built(*_TABLES, areas=AREAS),
        ),
        "sites, a workbook": Door(("sites.xlsx",), _built(sites=("sites.xlsx",))),
        "sites, CSV and layers": Door(SITES, _built(sites=SITES)),
        "tables by code": Door(
            ("hle.csv", "lookup.csv", "lives.csv", "health.csv", "origins.csv", "matrix.csv"),
            _built(*_TABLES, "--lookup", "lookup.csv", "--life-table", "lives.csv", "--prevalence",
                   "health.csv", "--origins", "origins.csv", "--matrix", "matrix.csv"),
        ),
        "official files": Door(("official/*",), _fetched),
        "column map": Door(("columns.toml",), _built(*_TABLES)),
        "timetable": Door(("gtfs.zip",), _built("--gtfs", "gtfs.zip")),
        "streets, OpenStreetMap": Door(
            ("streets.osm.pbf",),
            _built("--streets", "streets.osm.pbf", "--amenities", "streets.osm.pbf"),
        ),
        "streets, XML": Door(("streets.osm",), _built("--streets", "streets.osm")),
        "streets, graphml": Door(("streets.graphml",), _built("--streets", "streets.graphml")),
        "scenario": Door(("scenario.toml",), _planned("--scenario", "scenario.toml")),
        "scenario, --set": Door((), _set),
        "questions": Door((), _asked),
        "place folder": Door(
            ("place/*.*", "place/times/*"), _planned("--set", "count=2", "--set", "bands=2")
        ),
        "saved plan": Door(("plan/plan.json",), _record),
        "hand-in": Door(("place/areas.parquet", "place/sites.parquet", "place/place.toml"),
                        _handed_in),
        "laws": Door((), _lawful),
        "app: place uploaded": Door(("place.zip",), _upload),
        "app: list uploaded": Door(("sites.*",), _list),
        "app: saved work": Door(("work.json",), _saved),
        "app: address and choices": Door(("scenario.toml",), _address),
    }
)  # fmt: skip

HOSTILE_DOORS: Mapping[str, Door] = MappingProxyType(
    {f"{name}, command line": Door((), _brought(one), one.make) for name, one in HOSTILE.items()}
    | {
        f"{name}, app": Door((), _uploaded(one), one.make)
        for name, one in HOSTILE.items()
        if one.is_list
    }
)
"""Each hostile input, by each way that takes it."""
