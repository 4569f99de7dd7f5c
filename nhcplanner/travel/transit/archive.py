"""The zip of a feed: opened with care, its files taken as text, their rows still numbered."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nhcplanner.base.archive import UNPACKING
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.feed_zip import HINT, feed_members, text_parts
from nhcplanner.domain.reading import read_apart


@dataclass(frozen=True, eq=False)
class FeedText:
    """The files of a feed as text.

    Parameters
    ----------
    tables
        A frame of stripped text for each file that is there, blanks empty, its index the row
        as a spreadsheet numbers it. Blank rows are left out.
    others
        Names of the other files in the zip, which are not read.
    """

    tables: dict[str, pd.DataFrame]
    others: tuple[str, ...]


def read_tables(path: Path, columns: Mapping[str, Iterable[str]]) -> FeedText:
    """Read the files of a feed as text.

    Nothing is unpacked before the sizes that the zip declares have been checked; no file gives
    more bytes than it declares.

    Parameters
    ----------
    path
        The zip. Its files may lie in a folder, and their names may be in any case.
    columns
        File names, and the columns to take from each; columns that are absent are passed over.

    Raises
    ------
    InputError
        Where the zip is missing, damaged, locked, or would unpack to too much; where a file
        stands in it twice, is not a table of UTF-8 text, names a column twice or has rows longer
        than its heading. All faults at once.
    """
    wanted = {name: tuple(names) for name, names in columns.items()}
    text: FeedText = read_apart(_read_tables, Path(path), wanted)
    return text


def _read_tables(path: Path, columns: Mapping[str, Iterable[str]]) -> FeedText:
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path")])
    try:
        with zipfile.ZipFile(path) as packed:
            members, faults = feed_members(packed, path.name)
            if faults:
                raise InputError(faults)
            present = {name: members[name] for name in columns if name in members}
            others = tuple(sorted(members.keys() - present.keys()))
            wanted = {name: set(columns[name]) for name in present}
            return FeedText(_read_all(packed, present, wanted), others)
    except (*UNPACKING, OSError):
        problem = "is not a zip file, or is a damaged one"
        raise InputError([Fault(problem, path.name, hint=HINT)]) from None


def _read_all(
    packed: zipfile.ZipFile, members: Mapping[str, str], wanted: Mapping[str, set[str]]
) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, member in members.items():
        try:
            tables[name] = pd.concat(list(text_parts(packed, member, name, wanted[name])))
        except InputError as error:
            faults += error.faults
        except pd.errors.EmptyDataError:
            faults.append(Fault("is empty", name, hint="Give at least its row of column names"))
        except UnicodeDecodeError:
            faults.append(Fault("is not UTF-8 text", name, hint="Save it as UTF-8"))
        except pd.errors.ParserError as error:
            problem = f"is not a table ({str(error).strip()})"
            faults.append(Fault(problem, name, hint="Check its quotes and commas"))
    if faults:
        raise InputError(faults)
    return tables
