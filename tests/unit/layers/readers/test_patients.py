"""Columns that look like records of people, and those that do not."""

import pandas as pd
import pytest

from nhcplanner.layers.readers.patients import patient_faults


def columns(*names):
    frame = pd.DataFrame({name: ["x"] * 3 for name in names})
    return {fault.column for fault in patient_faults(frame, "a.csv")}


@pytest.mark.parametrize("name", [
    "NHS Number", "nhs_no", "DOB", "D.O.B.", "Date of birth", "Patient DOB", "Birth date",
    "Patient ID", "Patient", "MRN", "Hospital No", "Surname", "Forename(s)",
])  # fmt: skip
def test_headings_of_patients_are_found(name):
    assert columns("Site", name) == {name}


def test_a_last_name_is_a_patient_only_beside_a_first_name():
    assert columns("Site", "Last name") == set()
    assert columns("Last name", "First name") == {"Last name", "First name"}


def test_headings_of_sites_are_no_patients():
    assert (
        columns(
            "Site id",
            "Name",
            "Patients",
            "Number of patients",
            "Built",
            "UPRN",
            "Contact name",
            "Patients per GP",
            "Reborn Hall",
        )
        == set()
    )
