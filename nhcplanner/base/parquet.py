"""Parquet files, judged by their footer before anything is read."""

from __future__ import annotations

from pathlib import Path

_MAGIC = b"PAR1"


def parquet_problems(path: Path, most_rows: int, most_columns: int, most_bytes: int) -> list[str]:
    """Say in words why a Parquet file is not read; empty where nothing is against it.

    Parameters
    ----------
    path
        The file.
    most_rows, most_columns
        Rows and columns that it may have.
    most_bytes
        Bytes that its columns may take when decompressed, still encoded.

    Raises
    ------
    OSError, ValueError
        Where the footer is damaged (pyarrow's errors are both).
    """
    from pyarrow import parquet  # noqa: PLC0415 - slow to import, and few need it

    with path.open("rb") as opened:
        start = opened.read(4)
    if start != _MAGIC:
        return ["is no Parquet file"]
    with parquet.ParquetFile(path) as opened:
        about = opened.metadata
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
        problems.append("keeps columns in other files, which are not read")
    unpacked = sum(chunk.total_uncompressed_size for chunk in chunks)
    if unpacked > most_bytes:
        problems.append(f"unpacks to {unpacked / 1e9:,.1f} GB, more than {most_bytes / 1e9:g} GB")
    return problems
