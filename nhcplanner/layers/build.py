"""Build a place from users' own files, and join further tables to a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain import column_checks
from nhcplanner.domain.intake import Question
from nhcplanner.domain.place import CRS, Place
from nhcplanner.layers import provenance
from nhcplanner.layers.geocoding.coordinates import plain
from nhcplanner.layers.health import modelled
from nhcplanner.layers.health.modelled import ABOUT
from nhcplanner.layers.inputs import Extras, Inputs, read_inputs, subset
from nhcplanner.layers.place_folder.folder import sound_layers
from nhcplanner.layers.population.attribute_tables import (
    AttributeTable,
    Joined,
    join,
    read_attribute_table,
)
from nhcplanner.layers.population.disagreements import find_disagreements, hle_level_notes
from nhcplanner.layers.population.figures import index_name, with_decile
from nhcplanner.layers.population.origins import basis_of, make_origins
from nhcplanner.layers.population.projections import projection_beside
from nhcplanner.layers.readers.column_map import ColumnMap, read_map
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.clean import apart_note, halo_note
from nhcplanner.layers.sites.merge import SiteList


def build_place(
    areas: Path,
    sites: Path | Sequence[Path],
    tables: Sequence[Path] = (),
    columns: Path | ColumnMap | None = None,
    name: str = "",
    extras: Extras | None = None,
) -> Place:
    """Build a place from files.

    Parameters
    ----------
    areas
        Areas: GeoPackage, GeoParquet, GeoJSON, Shapefile, or CSV with coordinates.
    sites
        Sites, likewise or as a workbook; several lists become one.
    tables
        Further tables, joined by area or council code.
    columns
        Column map (TOML, or one already read) for columns without common names.
    name
        The place's name; by default the map's, its only council's or the areas' file's.
    extras
        Lookups of codes, life tables, and the councils to which the place is limited.

    Returns
    -------
    Place
        Without streets and timetable: `write_place` takes those.

    Raises
    ------
    InputError
        With every fault: first those of single files, for all files together, then those
        between files.
    """
    extras = extras or Extras()
    column_map = read_map(columns).with_answers(extras.assume)
    listed = [Path(path) for path in tables]
    lists = [Path(sites)] if isinstance(sites, str | Path) else list(sites)
    files = [Path(areas), *lists, *listed]
    notes = _unused_sections(column_map, [path.name for path in (*files, *extras.files)])
    place = assembled(read_inputs(files[0], lists, listed, column_map, extras), column_map, name)
    return replace(place, notes=(*place.notes, *notes))


def _unused_sections(column_map: ColumnMap, files: Sequence[str]) -> list[str]:
    """Return sentences on sections of the column map for files that are not given.

    Raises
    ------
    InputError
        If such a section names a file almost as one that is given.
    """
    faults, notes = [], []
    sections = [("tables", name) for name in column_map.tables]
    sections += [("source", name) for name in column_map.source if name not in ("areas", "sites")]
    for section, name in sections:
        if name in files:
            continue
        words = f'[{section}."{name}"] is of a file that is not given'
        close = get_close_matches(name, files, 1, 0.8)
        if close:
            faults.append(Fault(words, column_map.file, hint=f"Did you mean {close[0]}?"))
        else:
            notes.append(f"{column_map.file}: {words}, and was not used")
    if faults:
        raise InputError(faults)
    return notes


def read_answered_map(columns: Path | None, assume: Sequence[str] = ()) -> ColumnMap:
    """Return a column map with the answers from options, which replace its own.

    Raises
    ------
    InputError
        For faults of the map, and for unknown keys and answers.
    """
    return read_map(columns).with_answers(assume)


def assembled(inputs: Inputs, column_map: ColumnMap, name: str = "") -> Place:
    """Make a place from inputs that have passed their own checks.

    Parameters
    ----------
    inputs
        Areas, sites and further tables, with the schema's names.
    column_map
        Facts of the place and of each file.
    name
        The place's name; by default the map's, its only council's or the areas' file's.

    Raises
    ------
    InputError
        With every fault between the inputs.
    """
    joined = join(inputs.areas, inputs.further, inputs.vintage, inputs.lookups)
    if "people" not in joined.frame:
        words, hint = "has no column people, nor has any table", "Add it, or name it with --columns"
        raise InputError([Fault(words, inputs.areas.file, None, "people", hint)])
    across_notes = _check_across(inputs, joined, column_map)
    index = _index(inputs, joined, column_map)
    known, decile_notes = with_decile(joined.frame, index)
    known, hle_notes = _with_hle(known, joined, column_map, index)
    inputs, only_notes = subset(inputs, known)
    layers, basis = _layers(inputs, known)
    return Place(
        name=name or column_map.place.get("name") or _name(layers["areas"], inputs.areas.path),
        **layers,
        sources=provenance.sources(inputs, joined, column_map, layers["areas"]),
        synthetic=column_map.place.get("synthetic", False),
        index_name=index,
        vintage=inputs.vintage,
        origins_basis=basis,
        intake=provenance.intake_records(inputs),
        notes=(
            *column_map.place.get("notes", ()),
            *joined.notes,
            *only_notes,
            *across_notes,
            *decile_notes,
            *hle_notes,
            *provenance.hle_notes(layers["areas"]),
            *halo_note(layers["areas"], layers["sites"]),
            *apart_note(layers["sites"]),
        ),
    )


def _check_across(inputs: Inputs, joined: Joined, column_map: ColumnMap) -> tuple[str, ...]:
    """Return sentences on columns of two files that contradict each other.

    Raises
    ------
    InputError
        With a question if the user must confirm that both are right.
    """
    frame = joined.frame.loc[inputs.areas.frame["area_code"]]
    questions, notes = [], []
    for each in find_disagreements(frame):
        files = {
            column: joined.given_by.get(column, (inputs.areas.file, ""))[0]
            for column in each.columns
        }
        if len(set(files.values())) == 1:
            continue  # the file's own record has it
        file = next((one for one in files.values() if one != inputs.areas.file), "")
        code = frame.index[int(each.rows[0])]
        words = f"{code}: {each.words}"
        words += f" ({plural(len(each.rows), 'area')} like this)" if len(each.rows) > 1 else ""
        words += f"; {', '.join(f'{column} is of {name}' for column, name in files.items())}"
        if each.is_question and column_map.answers.find("agree", file) != "accept":
            hint = "Correct the file, or leave the column out; or --assume agree=accept"
            questions.append(
                Question(words, file, None, each.columns[0], hint, "agree", ("accept",))
            )
        else:
            notes.append(words)
    if questions:
        raise InputError(questions)
    return tuple(notes)


def _index(inputs: Inputs, joined: Joined, column_map: ColumnMap) -> str:
    """Return the name of the deprivation index of the areas' ranks or deciles."""
    stated: str = column_map.place.get("index_name", "")
    codes, vintage = inputs.areas.frame["area_code"], inputs.vintage
    for ours in ("imd_rank", "imd_decile"):
        if ours in inputs.area_names:
            column = inputs.area_names[ours]
            return stated or index_name(column, codes, vintage, inputs.areas.file)
        if ours in joined.given_by:
            file, column = joined.given_by[ours]
            return stated or index_name(
                column, codes, joined.matched[file].vintage or vintage, file
            )
    return stated


def _with_hle(
    known: pd.DataFrame, joined: Joined, column_map: ColumnMap, index: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Give each area its HLE; figures in rows of areas are the area's own or its council's."""
    notes: tuple[str, ...] = ()
    councils = joined.councils
    level = column_map.hle.get("level")
    if level == "council" or (level is None and modelled.is_council_figure(known)):
        notes = ("HLE in the areas' rows is their council's figure: each council has one value",)
        own = modelled.council_figures(known)
        by_lives = councils.index[councils["hle_basis"] == "sullivan"]
        own = own[own.notna().any(axis=1) & ~own.index.isin(by_lives)]
        others = councils[~councils.index.isin(own.index)]
        councils = pd.concat([own, others]) if len(others) else own
        without_basis = known.get("hle_basis", pd.Series(index=known.index, dtype="object")).isna()
        columns = known.columns.intersection([*modelled.MEASURES, *modelled.INTERVAL])
        known = known.assign(**{name: known[name].mask(without_basis) for name in columns})
    notes = (*notes, *modelled.sullivan_notes(known, councils), *hle_level_notes(known, councils))
    figures = modelled.area_hle(known, councils, index).dropna(axis="columns", how="all")
    return known.drop(columns=list(modelled.ABOUT), errors="ignore").assign(**figures), notes


def _layers(inputs: Inputs, known: pd.DataFrame) -> tuple[dict[str, gpd.GeoDataFrame], str]:
    """Return the three layers, checked and in order, and the kind of starting points."""
    table = inputs.areas
    inside = known.loc[table.frame["area_code"]].rename_axis("area_code").reset_index()
    unknown = [name for name in modelled.ABOUT if name in inside and inside[name].isna().all()]
    inside = inside.drop(columns=unknown)
    areas = gpd.GeoDataFrame(inside, geometry=table.frame.geometry.array, crs=CRS)
    wild = modelled.range_faults(areas, table.file, table.first_row)
    if wild:
        raise InputError(table.numbered(wild))
    tables = {"areas": table.with_frame(areas), "sites": inputs.sites}
    try:
        if not areas["people"].isna().any():
            tables["origins"] = table.with_frame(make_origins(areas))
        return sound_layers(tables, inputs.vintage), basis_of(areas)
    except InputError as error:
        raise InputError(inputs.in_their_words(error.faults)) from None


def _name(areas: gpd.GeoDataFrame, file: Path) -> str:
    councils = plain(areas).get("council_name", pd.Series(dtype="str")).dropna().unique()
    return str(councils[0]) if len(councils) == 1 else file.name.split(".")[0]


CODES = ("area_code", "council_code")
AREAS = "areas of the place"
"""Name of the place's own areas in messages that need a file name."""
OF_HLE = (*ABOUT, "lowest_band_probability")


def with_tables(
    place: Place, tables: Sequence[Path], columns: Path | ColumnMap | None = None
) -> Place:
    """Return a place with further tables, whose figures replace those of the place.

    Parameters
    ----------
    place
        The place; its sites, networks and starting points stay.
    tables
        Tables by area or council code.
    columns
        Column map for the tables.

    Returns
    -------
    Place
        With the sources and intake records of the tables. If a table gives people, the people of
        each starting point change in proportion; if none gives healthy life expectancy, that of
        the place stays.

    Raises
    ------
    InputError
        With every fault and question of all tables.
    """
    column_map = read_map(columns)
    further: list[AttributeTable] = []
    faults: list[Fault] = []
    for path in tables:
        try:
            further.append(read_attribute_table(Path(path), column_map))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    place = place.in_year(None)
    own = {name for each in further for name in each.table.frame} - set(CODES)
    if own & set(ABOUT):
        own |= set(OF_HLE)
    replaced = [str(name) for name in place.areas if name in own]
    try:
        renewed = _assemble(place, further, column_map, replaced)
    except InputError as error:
        raise InputError([_named(fault, place) for fault in error.faults]) from None
    notes = [f"{name} is that of your table" for name in replaced if name in renewed.areas]
    hle_columns = [name for name in OF_HLE if name in place.areas and name not in own]
    is_modelled = bool((place.areas["hle_basis"] == "modelled").any())
    if hle_columns and is_modelled and own & {"imd_rank", "imd_decile"}:
        notes.append("HLE stays as it was, modelled with the deprivation that your table replaces")
    projection, lost = projection_beside(place.projection, {str(name) for name in own})
    notes += lost
    areas = renewed.areas.drop(
        columns=[name for name in OF_HLE if name in renewed.areas and hle_columns]
    )
    areas = areas.assign(**{name: place.areas[name] for name in hle_columns})
    areas = column_checks.typed(gpd.GeoDataFrame(areas), "areas")
    files = {each.table.file for each in further}
    return replace(
        place,
        areas=areas,
        origins=_with_people(place, areas),
        projection=projection,
        index_name=renewed.index_name or place.index_name,
        sources=(*place.sources, *(one for one in renewed.sources if one.file in files)),
        intake=(*place.intake, *(one for one in renewed.intake if one.file in files)),
        notes=(*place.notes, *notes),
        folder=None,
        times=None,
    )


def _named(fault: Fault, place: Place) -> Fault:
    """Name the area in a fault, as the user has no file of the areas."""
    if not fault.file.startswith(AREAS) or fault.row is None:
        return fault
    code = place.areas["area_code"].iloc[fault.row - 1]
    hint = f"Give {fault.column} of {code} in a table, or leave that column out"
    return replace(fault, file="", row=None, problem=f"{code}: {fault.problem}", hint=hint)


def _assemble(
    place: Place, further: Sequence[AttributeTable], column_map: ColumnMap, replaced: list[str]
) -> Place:
    """Join the tables to the areas, as when a place is built."""
    with TemporaryDirectory() as scratch:
        paths = Path(scratch) / f"{AREAS}.parquet", Path(scratch) / "sites of the place.parquet"
        place.areas.to_parquet(paths[0])
        place.sites.to_parquet(paths[1])
        sites = Table(paths[1], place.sites, 1)
        areas = place.areas.drop(columns=replaced)
        inputs = Inputs(
            areas=Table(paths[0], areas, 1),
            sites=sites,
            area_names={str(name): str(name) for name in areas},
            lists=(SiteList(sites, {str(name): str(name) for name in place.sites}),),
            further=tuple(further),
            vintage=place.vintage,
        )
        settings = {"vintage": place.vintage, **column_map.place}
        if not {"imd_rank", "imd_decile"} & set(replaced):
            settings.setdefault("index_name", place.index_name)
        return assembled(inputs, replace(column_map, place=settings), place.name)


def _with_people(place: Place, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the starting points with people in proportion to those of their areas.

    Raises
    ------
    InputError
        If an area had no people before and has some now, as their starting point is unknown.
    """
    before: pd.Series = place.areas.set_index("area_code")["people"].astype("float64")
    now: pd.Series = areas.set_index("area_code")["people"].astype("float64")
    if (before == now.loc[before.index]).all():
        return place.origins
    people = place.origins["people"].astype("float64")
    total = people.groupby(place.origins["area_code"]).sum()
    empty = [code for code in now.index[now > 0] if not total.get(code, 0.0) > 0]
    if empty:
        words = f"{empty[0]} has people now, but no starting point with people"
        raise InputError([Fault(words, hint="Build the place from your own areas instead")])
    share = people / place.origins["area_code"].map(total)
    spread = share * place.origins["area_code"].map(now)
    return gpd.GeoDataFrame(place.origins.assign(people=spread.fillna(0.0)))
