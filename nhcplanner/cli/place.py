"""Commands that make and check a place, from own files or from official sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nhcplanner import layers, workflow
from nhcplanner.cli.shell import (
    PLACE,
    AsJson,
    Assume,
    PlaceFolder,
    app,
    echo,
    example,
    print_json,
    print_new_place,
    print_rows,
    progressing,
)


@app.command(
    rich_help_panel=PLACE,
    epilog=example(
        "build --areas areas.gpkg --sites sites.csv --table hle_by_council.csv "
        "--columns columns.toml --streets streets.osm.pbf --gtfs gtfs.zip --out place"
    ),
)
def build(  # noqa: PLR0913, PLR0917  (an option a parameter)
    out: Annotated[Path, typer.Option(help="Folder of the new place.")],
    areas: Annotated[
        Path | None, typer.Option(help="Areas: GeoPackage, GeoParquet, GeoJSON, SHP, CSV.")
    ] = None,
    sites: Annotated[
        list[Path] | None,
        typer.Option(help="Sites: your list (.xlsx, .csv), or a layer; repeatable."),
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option(
            help="Council, ICB or region of England, instead of --areas: its packaged areas and "
            "buildings, together with your files; repeatable.",
            metavar="NAME",
        ),
    ] = None,
    streets: Annotated[
        list[Path] | None, typer.Option(help="OpenStreetMap extract (.osm.pbf); repeatable.")
    ] = None,
    gtfs: Annotated[Path | None, typer.Option(help="Bus timetable (GTFS zip).")] = None,
    table: Annotated[
        list[Path] | None, typer.Option(help="Table to join by area or council code; repeatable.")
    ] = None,
    columns: Annotated[Path | None, typer.Option(help="Column map (TOML).")] = None,
    name: Annotated[str, typer.Option(help="Name of the place.")] = "",
    origins: Annotated[
        str,
        typer.Option(
            help="Where people start: postcodes, or a file of points. By default one point for "
            "each area.",
            metavar="postcodes|F.csv",
        ),
    ] = "",
    matrix: Annotated[
        Path | None, typer.Option(help="Your own matrix of times (CSV, long or wide).")
    ] = None,
    matrix_unit: Annotated[
        str,
        typer.Option(
            help="Unit of the matrix, if its header does not say it.", metavar="minutes|seconds"
        ),
    ] = "",
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only the areas of this council, district or ICB; repeatable."),
    ] = None,
    lookup: Annotated[
        list[Path] | None,
        typer.Option(help="ONS lookup of codes 2011 to 2021, for tables of 2011; repeatable."),
    ] = None,
    life_table: Annotated[
        Path | None,
        typer.Option(help="Deaths and people by code, sex and age, for HLE by Sullivan's method."),
    ] = None,
    prevalence: Annotated[
        Path | None, typer.Option(help="Share in good health by the same code, sex and age.")
    ] = None,
    assume: Assume = None,
    amenities: Annotated[
        Path | None,
        typer.Option(
            help="OpenStreetMap extract whose libraries, clinics and halls become candidates."
        ),
    ] = None,
    projections: Annotated[
        str,
        typer.Option(
            help="Population projection, for plans of later years: a published file, or the "
            "packaged one.",
            metavar="FILE|england",
        ),
    ] = "",
    housing: Annotated[
        Path | None,
        typer.Option(help="Housing sites: homes, year, place; or a brownfield register."),
    ] = None,
    heights: Annotated[
        list[Path] | None,
        typer.Option(
            help="Heights for walks by slope: .asc grid, zip of them, or CSV of easting, "
            "northing, height; repeatable."
        ),
    ] = None,
    on_demand: Annotated[
        Path | None,
        typer.Option(
            help="Zones of on-demand transport: polygons with zone, hours, wait_minutes, "
            "speed_kmh, detour."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a place folder from your own files."""
    with progressing() as progress:
        tables = tuple(table or ())
        extras = layers.Extras(
            tuple(lookup or ()), life_table, prevalence, tuple(only or ()), tuple(assume or ())
        )
        own = workflow.OwnFiles(
            areas, tuple(sites or ()), tables, columns, tuple(streets or ()) or None, gtfs, name,
            origins, matrix, matrix_unit, extras, amenities, tuple(place or ()),
            projections, housing, tuple(heights or ()), on_demand,
        )  # fmt: skip
        folder = workflow.build(own, out, progress)
    print_new_place(folder, as_json)


@app.command(rich_help_panel=PLACE, epilog=example("check demo"))
def check(place: PlaceFolder, as_json: AsJson = False) -> None:
    """Show what a place folder holds, what is missing or old, and the source of each layer."""
    loaded = workflow.load(place)
    if as_json:
        print_json(layers.check_json(loaded))
        return
    echo(layers.describe(loaded))


@app.command(
    rich_help_panel=PLACE, epilog=example('fetch "Plymouth" --sites estates.xlsx --out plymouth')
)
def fetch(  # noqa: PLR0913, PLR0917  (an option a parameter)
    names: Annotated[
        list[str],
        typer.Argument(help="Councils, an ICB, codes (E01015003), or a text file of codes."),
    ],
    out: Annotated[Path, typer.Option(help="Folder of the new place.")],
    from_files: Annotated[
        Path | None,
        typer.Option(help="Folder of official files that you downloaded; nothing is then fetched."),
    ] = None,
    fetch_rest: Annotated[
        bool, typer.Option("--fetch-rest", help="Fetch what the folder of files lacks.")
    ] = False,
    sites: Annotated[
        list[Path] | None,
        typer.Option(help="Your own list (.xlsx, .csv), added to the official lists; repeatable."),
    ] = None,
    streets: Annotated[
        Literal["geofabrik", "overpass", "none"],
        typer.Option(
            help="Source of streets: geofabrik (the county's extract), overpass (small places) "
            "or none.",
            metavar="NAME",
        ),
    ] = "geofabrik",
    amenities: Annotated[
        bool,
        typer.Option("--amenities", help="Libraries and halls of OpenStreetMap become candidates."),
    ] = False,
    timetable: Annotated[
        bool, typer.Option(help="Include the bus timetable of the region.")
    ] = True,
    columns: Annotated[
        Path | None, typer.Option(help="Column map (TOML) of your own list.")
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(help="Answer to a question about your list; repeatable.", metavar="KEY=VALUE"),
    ] = None,
    cache: Annotated[Path | None, typer.Option(help="Folder of fetched files.")] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Use files of the cache only.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch files again that the cache has.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a place folder from official data, by the name of a council or an ICB."""
    how = workflow.Fetching(
        from_files, cache, offline, refresh, streets, timetable, tuple(sites or ()), fetch_rest,
        amenities, columns, tuple(assume or ()),
    )  # fmt: skip
    with progressing() as progress:
        folder = workflow.fetch(names, out, how, progress)
    print_new_place(folder, as_json)


@app.command(rich_help_panel=PLACE, epilog=example("sources"))
def sources(
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Request one row from each address, and report what has changed."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the official files that a place is made of, and where to get each of them."""
    if check:
        _check_sources(as_json)
        return
    rows: list[dict[str, object]] = [
        {
            "gives": source.gives,
            "needed": "needed" if source.needed else "",
            "file": source.names[0] if source.names else "",
            "page": source.page or source.address,
            "recognised_by": source.recognised_by(),
            "addresses": [
                {"address": one.url, "confirmed": one.confirmed} for one in source.addresses
            ],
            "title": source.title,
            "publisher": source.publisher,
            "licence": source.licence,
        }
        for source in layers.SOURCES
    ]
    if as_json:
        print_rows("Official sources", rows, as_json)
        return
    for row in rows:
        needed = ", needed" if row["needed"] else ""
        echo(f"{row['title']}\n  gives {row['gives']}{needed}\n  {row['page']}")
        echo(f"  recognised by {row['recognised_by']}")


def _check_sources(as_json: bool) -> None:
    """Print the answer of each address; exit with 2 if no address of a source answers."""
    with progressing() as progress:
        checks = list(layers.check_sources(layers.SOURCES, tell=progress))
    rows = [
        {"source": check.source, "address": check.address, "answer": check.words,
         "confirmed": check.confirmed}
        for check in checks
    ]  # fmt: skip
    good = {check.source for check in checks if not check.problem}
    bad = [key for key in dict.fromkeys(check.source for check in checks) if key not in good]
    answering = sum(not check.problem for check in checks)
    words = f"{answering} of {len(checks)} addresses answer as expected"
    words += f"; no address answers for {', '.join(bad)}" if bad else ""
    if as_json:
        print_json({"words": words, "rows": rows})
    else:
        for row in rows:
            echo(f"{row['source']}: {row['answer']}\n  {row['address']}")
            echo(f"  last confirmed: {row['confirmed']}")
        echo(f"\n{words}")
    if bad:
        raise typer.Exit(2)
