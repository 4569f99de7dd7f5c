"""Columns that look like records of people, and those that do not."""

import pandas as pd
import pytest

from nhcplanner.layers.readers.patients import patient_faults


def columns(*names):
    frame = pd.DataFrame({name: ["x"] * 3 for name in names})
    return {fault.column for fault in patient_faults(frame, "a.csv")}


@pytest.mark.parametrize("name", ["NHS Number", "nhs_no", "DOB", "Date of birth", "Patient ID"])
def test_headings_of_patients_are_found(name):
    assert columns("Site", name) == {name}


def test_a_surname_alone_is_no_patient_but_with_a_forename_it_is():
    assert columns("Site", "Surname") == set()
    assert columns("Surname", "First name") == {"Surname", "First name"}


def test_headings_of_sites_are_no_patients():
    assert columns("Site id", "Name", "Patients", "Number of patients", "Built", "UPRN") == set()
