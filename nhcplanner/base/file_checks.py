"""Checks of untrusted Zip, Parquet and XML files, before their content is used.

XML files that declare a document type are refused, as their entities can expand without limit.
Sources: https://docs.python.org/3/library/xml.html#xml-vulnerabilities, and the defusedxml package.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from xml.parsers import expat

UNPACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
"""Errors of unpacking damaged files, in addition to errors of the disk."""
MOST_RATIO = 200
"""Largest ratio of unpacked to packed size."""
MOST_MEMBERS = 2_000
"""Largest number of files in a zip."""
LOCKED = 1
"""Flag of an encrypted member (PKWARE's APPNOTE, 4.4.4)."""
SMALL = 1_000_000
"""Unpacked size in bytes up to which any ratio is allowed."""


def is_bomb(packed: int, unpacked: int, small: int = SMALL) -> bool:
    """Whether a file unpacks to far more than its packed size.

    Parameters
    ----------
    packed, unpacked
        Sizes in bytes.
    small
        Bytes up to which any ratio is allowed.

    Examples
    --------
    >>> is_bomb(1_000, 900_000), is_bomb(1_000, 2_000_000)
    (False, True)
    """
    return unpacked > small and unpacked > MOST_RATIO * max(packed, 1)


def zip_problems(
    members: Iterable[zipfile.ZipInfo],
    most_bytes: int,
    most_members: int = MOST_MEMBERS,
    small: int = SMALL,
) -> list[str]:
    """Return the reasons why a zip must not be unpacked, by the sizes it claims.

    Python's `zipfile` reads no more bytes of a member than the zip claims, so false claims are
    safe.

    Parameters
    ----------
    members
        Members to unpack.
    most_bytes, most_members
        Largest size of all together, and largest number.
    small
        Bytes up to which any ratio is allowed for a member.

    Returns
    -------
    list of str
        Sentences to follow the file's name; empty if it may be unpacked.
    """
    files = [member for member in members if not member.is_dir()]
    total, problems = sum(member.file_size for member in files), []
    if len(files) > most_members:
        problems.append(f"holds {len(files):,} files, more than {most_members:,}")
    if total > most_bytes:
        problems.append(f"unpacks to more than {most_bytes / 1e9:g} GB")
    for member in files:
        name = PurePosixPath(member.filename).name
        if member.flag_bits & LOCKED:
            problems.append(f"holds {name}, which is locked by a password")
        elif is_bomb(member.compress_size, member.file_size, small):
            ratio = member.file_size / max(member.compress_size, 1)
            problems.append(f"holds {name}, which unpacks to {ratio:,.0f} times its size")
    return problems


_MAGIC = b"PAR1"


def parquet_problems(path: Path, most_rows: int, most_columns: int, most_bytes: int) -> list[str]:
    """Return the reasons why a Parquet file must not be read; empty if there are none.

    Parameters
    ----------
    path
        The file.
    most_rows, most_columns
        Largest number of rows and of columns.
    most_bytes
        Largest size of its columns in bytes, decompressed but still encoded.

    Raises
    ------
    OSError, ValueError
        If the footer is damaged (pyarrow's errors are both).
    """
    from pyarrow import parquet  # noqa: PLC0415 - slow to import, and few need it

    with path.open("rb") as file:
        start = file.read(4)
    if start != _MAGIC:
        return ["is not a Parquet file"]
    with parquet.ParquetFile(path) as file:
        about = file.metadata
    problems = []
    if about.num_rows > most_rows:
        problems.append(f"has {about.num_rows:,} rows, more than {most_rows:,}")
    if about.num_columns > most_columns:
        return [*problems, f"has {about.num_columns:,} columns, more than {most_columns:,}"]
    chunks = [
        about.row_group(group).column(column)
        for group in range(about.num_row_groups)
        for column in range(about.num_columns)
    ]
    if any(chunk.file_path for chunk in chunks):
        problems.append("refers to columns in other files, which are not read")
    size = sum(chunk.total_uncompressed_size for chunk in chunks)
    if size > most_bytes:
        problems.append(f"unpacks to {size / 1e9:,.1f} GB, more than {most_bytes / 1e9:g} GB")
    return problems


class DoctypeError(ValueError):
    """An XML file declares a document type."""


def refuse_doctype(*_: object) -> None:
    """Raise `DoctypeError`; set it as `StartDoctypeDeclHandler` of an expat parser."""
    raise DoctypeError("holds a document type declaration")


def count_elements(path: Path) -> Counter[str]:
    """Count the elements of an XML file by tag, without keeping its content.

    Parameters
    ----------
    path
        The file; it is read in pieces.

    Raises
    ------
    DoctypeError
        If it declares a document type; no entity has been resolved by then.
    xml.parsers.expat.ExpatError
        If it is not well-formed XML.
    """
    counts: Counter[str] = Counter()

    def count(tag: str, _: object) -> None:
        counts[tag.rpartition(":")[2]] += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = count
    parser.StartDoctypeDeclHandler = refuse_doctype
    with path.open("rb") as file:
        parser.ParseFile(file)
    return counts


VECTOR_DRIVERS = frozenset({"GPKG", "GeoJSON", "ESRIJSON", "ESRI Shapefile", "FlatGeobuf"})
"""Drivers for the formats of users' layers."""
WRITE_DRIVERS = frozenset({"LIBKML"})
"""Further drivers that the exports need."""

_NOWHERE = "127.0.0.1:9"
ENVIRONMENT: Mapping[str, str] = {
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTPS_PROXY": _NOWHERE,
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "PROJ_NETWORK": "OFF",
}
"""Variables that keep GDAL and PROJ off the network, set before GDAL starts.

Every address goes to a port of this machine where nothing listens (discard, RFC 863)."""


def restrict_drivers(drivers: Collection[str] = VECTOR_DRIVERS) -> None:
    """Unregister all other GDAL drivers of this process, and block GDAL's network access.

    Parameters
    ----------
    drivers
        Short names of the drivers to keep.

    Raises
    ------
    RuntimeError
        If another driver is still registered afterwards.
    """
    import pyogrio  # noqa: PLC0415 - slow to import, and only reading layers needs it
    from pyogrio import core  # noqa: PLC0415

    others = sorted(name for name in pyogrio.list_drivers() if name not in drivers)
    if not others:
        return
    pyogrio.set_gdal_config_options({**ENVIRONMENT, "GDAL_SKIP": ",".join(others)})
    core._register_drivers()  # noqa: SLF001 - GDALAllRegister, which drops what GDAL_SKIP names
    left = sorted(name for name in pyogrio.list_drivers() if name not in drivers)
    if left:
        raise RuntimeError(f"GDAL keeps drivers that are not wanted: {', '.join(left)}")
