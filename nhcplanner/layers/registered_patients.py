"""Registered patients of each practice by area, as NHS England publishes them.

Counts by practice and area only ("Patients registered at a GP practice", quarterly, file
gp-reg-pat-prac-lsoa-all.csv); nothing about any person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.place import Place
from nhcplanner.layers.neighbourhoods import Lookup
from nhcplanner.layers.readers.cells import dotted_rows
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import read_columns
from nhcplanner.layers.sites.own_list import on_disk, renamed
from nhcplanner.layers.sources.ods import parse_partners

HEADINGS: dict[str, tuple[str, ...]] = {
    "practice": (r"(gp_)?practice_code|ods_code", "practice"),
    "area_code": ("area_code", r"lsoa_?(20)?21_?(code|cd)?", r"lsoa_?(code|cd)?",
                  r"lsoa_?(20)?11_?(code|cd)?"),
    "patients": (r"number_of_patients|patients|all_patients",),
    "sex": ("sex",),
    "date": ("extract_date",),
}  # fmt: skip
NATIONS = {
    "E01": "England",
    "W01": "Wales",
    "S01": "Scotland",
    "95": "Northern Ireland",
    "N": "Northern Ireland",
    "L": "the Channel Islands",
    "M": "the Isle of Man",
}
PATTERNS = ("registered_patients*.csv", "registered_patients*.csv.gz",
            "gp-reg-pat-prac-lsoa*.csv", "gp-reg-pat-prac-lsoa*.csv.gz")  # fmt: skip
AREA = r"[EX]01\d{6}$"
"""Codes of areas of England, and of invented places."""
ALL_SEXES = ("ALL", "PERSONS", "TOTAL")


@dataclass(frozen=True, eq=False)
class RegisteredPatients:
    """Patients by practice and area.

    Parameters
    ----------
    table
        `practice` (ODS code), `area_code` (England) and `patients`, each pair once.
    elsewhere
        Patients by `practice` and `where`: those without an area of England.
    notes
        Notes on how the file was read.
    date
        Extract date, as the file has it; "" if it has none.
    file
        Name of the file.
    """

    table: pd.DataFrame
    elsewhere: pd.DataFrame
    notes: tuple[str, ...]
    date: str = ""
    file: str = ""

    def of_place(self, place: Place) -> RegisteredPatients:
        """Return the rows of the place's sites and areas, which are all that a place needs."""
        sites = self.table["practice"].isin(place.sites["site_id"])
        areas = self.table["area_code"].isin(place.areas["area_code"])
        elsewhere = self.elsewhere[self.elsewhere["practice"].isin(place.sites["site_id"])]
        return replace(
            self,
            table=self.table[sites | areas].reset_index(drop=True),
            elsewhere=elsewhere.reset_index(drop=True),
        )


def find_patients_file(place: Place) -> Path | None:
    """Return the file of registered patients in a place folder; None if there is none.

    The first by name of `registered_patients*` and `gp-reg-pat-prac-lsoa*`, as CSV, also packed
    as .csv.gz.
    """
    if place.folder is None:
        return None
    names = (path for pattern in PATTERNS for path in sorted(place.folder.glob(pattern)))
    return next((path for path in names if path.is_file()), None)


def receive_registered_patients(content: bytes, name: str) -> RegisteredPatients:
    """Read an uploaded file of patients by practice and area, in a process with limits.

    Parameters
    ----------
    content, name
        The file and its name.

    Raises
    ------
    InputError
        As `read_registered_patients`, and for a file that looks like data about single patients.
    """
    with on_disk(content, name) as (path, label):
        try:
            patients = read_registered_patients(path)
        except InputError as error:
            raise InputError(renamed(error.faults, path.name, label)) from None
    notes = tuple(note.replace(path.name, label) for note in patients.notes)
    return replace(patients, notes=notes, file=label)


def read_registered_patients(path: Path, column_map: ColumnMap | None = None) -> RegisteredPatients:
    r"""Read patients by practice and area.

    Parameters
    ----------
    path
        The published file, or a table with a practice code, an LSOA code and patients.
    column_map
        The user's statements about the file: `practice`, `area_code` and `patients` in
        `[tables."FILE"]`, and answers.

    Returns
    -------
    RegisteredPatients
        Patients by practice and area of England, and those without such an area.

    Raises
    ------
    InputError
        For a file without these columns, and counts that are not whole numbers of 0 or more.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "patients.csv"
    >>> _ = path.write_text("PRACTICE_CODE,LSOA_CODE,NUMBER_OF_PATIENTS\nC83005,E01026092,120\n")
    >>> int(read_registered_patients(path).table["patients"].sum())
    120
    """
    table, names = read_columns(path, HEADINGS, column_map or ColumnMap(), ("sex", "date"))
    frame = pd.DataFrame(
        {ours: table.frame[theirs].astype("string").str.strip() for ours, theirs in names.items()}
    )
    notes = [
        f"{table.file}: {plural(len(frame), 'row')} read; "
        + ", ".join(f"{theirs} -> {ours}" for ours, theirs in names.items())
    ]
    frame, of_sex = _one_sex(frame, table.file)
    notes += of_sex
    count = pd.to_numeric(frame["patients"].str.replace(",", ""), errors="coerce")
    wrong = (count.isna() | (count < 0) | (count % 1 != 0)).to_numpy(dtype=bool)
    if wrong.any():
        cells = frame["patients"].fillna("blank").tolist()
        faulty = [f"row {table.row_number(n)}: {cells[n]}" for n in np.flatnonzero(wrong).tolist()]
        words = f"{plural(len(faulty), 'row')} without a whole number of patients: "
        hint = "Give a whole number, 0 or more"
        fault = Fault(words + shortened(faulty, 3), table.file, column=names["patients"], hint=hint)
        raise InputError([fault])
    dotted = dotted_rows(table.frame[names["patients"]])
    if len(dotted):
        rows = shortened((f"row {table.row_number(int(n))}" for n in dotted), 3)
        words = f"{plural(len(dotted), 'count')} with decimals: is a point a thousands separator?"
        notes.append(f"{table.file}: {words} {rows}")
    frame = frame.assign(patients=count.astype("int64"))
    for name in ("practice", "area_code"):
        frame[name] = frame[name].fillna("").str.upper()
    english = frame["area_code"].str.match(AREA).to_numpy(dtype=bool)
    outside = frame[~english]
    where = outside["area_code"].map(_where)
    elsewhere = (
        outside.assign(where=where)
        .groupby(["practice", "where"], as_index=False)[["patients"]]
        .sum()
    )
    for place, heads in elsewhere.groupby("where")["patients"].sum().items():
        notes.append(f"{table.file}: {plural(int(heads), 'patient')} {place} left out of areas")
    pairs = frame[english].groupby(["practice", "area_code"], as_index=False)[["patients"]].sum()
    twice = int(english.sum()) - len(pairs)
    if twice:
        notes.append(f"{table.file}: {plural(twice, 'row')} added to another of the same pair")
    dates: list[str] = sorted(map(str, frame["date"].dropna().unique())) if "date" in frame else []
    if len(dates) > 1:
        notes.append(f"{table.file}: several extract dates: {shortened(dates, 3)}")
    date = dates[0] if dates else ""
    return RegisteredPatients(pairs, elsewhere, (*table.record_notes, *notes), date, table.file)


def _one_sex(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows of all sexes, where the file has them beside those of each sex."""
    if "sex" not in frame:
        return frame, []
    every = frame["sex"].str.upper().isin(ALL_SEXES).to_numpy(dtype=bool)
    if not every.any() or every.all():
        return frame, []
    words = f"{file}: {plural(int((~every).sum()), 'row')} of single sexes left out"
    return frame[every].reset_index(drop=True), [words]


def _where(code: str) -> str:
    """Return where patients without an area of England live, in words."""
    if code == "CLOSED":
        return "of practices or areas marked CLOSED"
    name = next((nation for start, nation in NATIONS.items() if code.startswith(start)), "")
    return f"in {name}" if name and name != "England" else "without a known area"


PARTNERS = "epcncore"
"""Start of the name of the NHS report of networks, which has no header."""
NETWORK_HEADINGS: dict[str, tuple[str, ...]] = {
    "practice": (r"(gp_)?practice_code|ods_code|site_id", "practice|partner_organisation_code"),
    "network": ("pcn_name|network|primary_care_network|network_name", "neighbourhood", "pcn"),
}


def read_networks(path: Path, column_map: ColumnMap | None = None) -> pd.Series[str]:
    """Read the primary care network of each practice.

    Parameters
    ----------
    path
        A table with a practice code and a network; or the NHS report epcncorepartnerdetails,
        which has no header.
    column_map
        What the user says of the file: `practice` and `network` in `[tables."FILE"]`.

    Returns
    -------
    Series of str
        Name of the network by ODS code.

    Raises
    ------
    InputError
        For a file without these columns, and for a practice in two networks.
    """
    if path.name.lower().startswith(PARTNERS):
        partners = parse_partners(path)
        return partners.set_index("site_id")["neighbourhood"].astype("str")
    table, names = read_columns(path, NETWORK_HEADINGS, column_map or ColumnMap())
    frame = pd.DataFrame(
        {ours: table.frame[theirs].astype("string").str.strip() for ours, theirs in names.items()}
    )
    frame = frame[(frame.fillna("") != "").all(axis=1)].drop_duplicates()
    frame["practice"] = frame["practice"].str.upper()
    twice = frame.loc[frame["practice"].duplicated(), "practice"].unique()
    if len(twice):
        words = f"{shortened(twice)} in several networks"
        raise InputError([Fault(words, table.file, column=names["network"])])
    return frame.set_index("practice")["network"].astype("str")


def receive_networks(content: bytes, name: str) -> pd.Series[str]:
    """Read an uploaded file of the networks of practices, in a process with limits.

    Parameters
    ----------
    content, name
        The file and its name.

    Raises
    ------
    InputError
        As `read_networks`, and for a file that looks like data about patients.
    """
    with on_disk(content, name) as (path, label):
        is_report = label.lower().startswith(PARTNERS)
        file = path.rename(path.with_name(f"{PARTNERS}.csv")) if is_report else path
        try:
            return read_networks(file)
        except InputError as error:
            raise InputError(renamed(error.faults, file.name, label)) from None


def networks_of_areas(
    place: Place, registered: RegisteredPatients, networks: pd.Series[str] | None = None
) -> tuple[pd.Series[str], tuple[str, ...]]:
    """Give each area to the network that most of its registered patients belong to.

    Parameters
    ----------
    place
        With the areas.
    registered
        Patients by practice and area.
    networks
        Network by ODS code; by default the `neighbourhood` of the place's practices, which
        `fetch` fills with their networks.

    Returns
    -------
    Series of str
        Network by area code. An area without patients of a known network gets that of the
        nearest area with one; of networks with as many patients, the first by name counts.
    tuple of str
        Notes on how many areas and patients that concerns.

    Raises
    ------
    InputError
        If no practice has a known network, or no area has patients of one.
    """
    if networks is None:
        sites = place.sites[(place.sites["kind"] == "gp_practice").to_numpy()]
        column = sites.get("neighbourhood", pd.Series(None, index=sites.index, dtype="object"))
        networks = pd.Series(column.to_numpy(), index=sites["site_id"].to_numpy()).dropna()
    here = registered.table[registered.table["area_code"].isin(place.areas["area_code"])]
    rows = here.assign(network=here["practice"].map(networks))
    known = rows.dropna(subset=["network"])
    if known.empty or not known["patients"].sum():
        hint = "Give a table of practices and networks, such as epcncorepartnerdetails.csv"
        words = f"no patients of {place.name} belong to a practice of a known network"
        raise InputError([Fault(words, registered.file, hint=hint)])
    heads = known.groupby(["area_code", "network"])["patients"].sum().to_frame().reset_index()
    order = heads.sort_values(["area_code", "patients", "network"], ascending=[True, False, True])
    most = order.drop_duplicates("area_code").set_index("area_code")
    names = place.areas["area_code"].map(most["network"])
    lost = names.isna().to_numpy()
    if lost.any():
        points = place.areas.geometry.representative_point()
        others = points[~lost]
        near, _ = others.sindex.nearest(points[lost], return_all=False)[::-1]
        names = names.mask(lost, pd.Series(names[~lost].to_numpy()[near], index=names.index[lost]))
    total = int(rows["patients"].sum())
    unknown = total - int(known["patients"].sum())
    share = most["patients"].sum() / max(known["patients"].sum(), 1)
    file = registered.file or "Registered patients"
    words = f"areas belong to the network of most of their patients, as {share:.1%} of patients do"
    notes = [f"{file}: {words}"]
    if unknown:
        notes.append(f"{plural(unknown, 'patient')} of {total:,} at practices of no known network")
    if lost.any():
        words = plural(int(lost.sum()), "area")
        notes.append(f"{words} without such patients joined the network of the nearest area")
    found = pd.Series(names.astype("str").to_numpy(), index=place.areas["area_code"].to_numpy())
    return found, tuple(notes)


def network_lookup(
    patients: Path, networks: Path | None, place: Place, column_map: ColumnMap | None = None
) -> Lookup:
    """Return the network of each area, from files of patients and of practices' networks.

    Parameters
    ----------
    patients, networks
        As `read_registered_patients` and `read_networks` read them; without `networks`, those of
        the place's practices.
    place, column_map
        The place, and what the user says of the files.

    Raises
    ------
    InputError
        With the faults of both files together, and as `networks_of_areas` does.
    """
    faults: list[Fault] = []
    registered = by_practice = None
    try:
        registered = read_registered_patients(patients, column_map)
    except InputError as error:
        faults += error.faults
    try:
        by_practice = None if networks is None else read_networks(networks, column_map)
    except InputError as error:
        faults += error.faults
    if faults or registered is None:
        raise InputError(faults)
    names, notes = networks_of_areas(place, registered, by_practice)
    return Lookup(names, (*registered.notes, *notes))
