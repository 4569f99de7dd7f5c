"""Published projections: the same content in any layout gives the same table, faults are named."""

import io

import numpy as np
import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.population.published_projections import by_broad_age, read_projection

BANDS = ["0-14", "15-19", "20-64", "65-84", "85+"]
PEOPLE = {"2022": [900, 500, 3000, 700, 100], "2030": [800, 400, 3100, 900, 200]}
# a fifth of those aged 15 to 19 is 15: 900 + 100, 400 + 3000
EXPECTED = {"2022": [1000, 3400, 700, 100, 5200], "2030": [880, 3420, 900, 200, 5400]}


def rows(code="E38000001", share=1.0, sex=None) -> pd.DataFrame:
    frame = pd.DataFrame({"code": code, "label": f"Unit {code}", "age_group": BANDS, **PEOPLE})
    frame[["2022", "2030"]] = (frame[["2022", "2030"]] * share).astype(int)
    return frame if sex is None else frame.assign(sex=sex)


def read(tmp_path, frame, name="p.csv", encoding="utf-8"):
    path = tmp_path / name
    frame.to_csv(path, index=False, encoding=encoding)
    return read_projection(path)


def check(published):
    table = published.table.sort_values("code", kind="stable")
    assert table["age"].tolist()[:5] == [
        "people_0_15", "people_16_64", "people_65_84", "people_85_plus", "people",
    ]  # fmt: skip
    for year, people in EXPECTED.items():
        assert table[year].tolist()[:5] == pytest.approx(people)


def test_age_bands_become_the_ages_of_areas(tmp_path):
    found = read(tmp_path, rows())
    check(found)
    assert (found.kind, found.years) == ("2022-based", ["2022", "2030"])
    assert found.source.vintage == "2022-based, 2022 to 2030"
    lines = "\n".join(found.record.lines())
    assert "ages 15 to 19 divided evenly between 0 to 15 and 16 to 64" in lines
    assert "the first year, 2022, is taken as the projection's base" in lines
    assert found.record.rows_read == 5


def test_other_layouts_of_the_same_content_give_the_same_table(tmp_path):
    plain = rows()
    sexes = pd.concat([rows(share=0.5, sex="males"), rows(share=0.5, sex="females")])
    both = pd.concat([sexes, rows(sex="persons")])
    ages = pd.concat(
        [
            plain,
            plain.iloc[:1].assign(
                age_group="All ages", **{year: sum(people) for year, people in PEOPLE.items()}
            ),
        ]
    )
    long = plain.melt(["code", "label", "age_group"], ["2022", "2030"], "Year", "Population")
    births = pd.concat(
        [
            plain.assign(component="Population"),
            plain.assign(component="Births", **{"2022": 1, "2030": 1}),
        ]
    )
    aged = plain.assign(age_group=["0 to 14", "15 to 19", "20 to 64", "65 to 84", "85 and over"])
    names = plain.set_axis(["AREA_CODE", "AREA_NAME", "AGE_GROUP", "2022", "2030"], axis=1)
    thousands = plain.assign(
        **{year: [f"{n:,}" for n in people] for year, people in PEOPLE.items()}
    )
    options = (
        plain,
        sexes,
        both,
        ages,
        long,
        births,
        aged,
        names,
        thousands,
        plain.iloc[::-1],
        sexes.sample(frac=1, random_state=1),
    )
    for frame in options:
        check(read(tmp_path, frame))
    check(read(tmp_path, plain, encoding="utf-16"))


def test_what_is_left_out_or_added_has_a_line(tmp_path):
    sexes = [rows(share=0.5, sex=sex) for sex in ("males", "females")]
    added = read(tmp_path, pd.concat(sexes))
    assert "females, males added together" in "\n".join(added.record.lines())
    left = read(tmp_path, pd.concat([*sexes, rows(sex="persons")]))
    assert "10 rows of single sexes" in "\n".join(left.record.lines())


def test_single_years_and_a_workbook_are_read_too(tmp_path):
    ages = [*range(90), "90 and over"]
    frame = pd.DataFrame({"code": "E1", "age": ages, "2022": 100, "2023": 110})
    path = tmp_path / "p.xlsx"
    frame.to_excel(path, index=False)
    table = read_projection(path).table
    assert table["2022"].tolist() == [1600, 4900, 2000, 600, 9100]
    assert table["name"].unique().tolist() == ["E1"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="code"), "has no column of code"),
        (lambda f: f.drop(columns=["2022", "2030"]), "has no column of years"),
        (lambda f: f.assign(**{"2030": [1, 2, -3, 4, 5]}), "is not a number of people"),
        (lambda f: f.assign(**{"2030": [1, 2, None, 4, 5]}), "is not a number of people"),
        (lambda f: f.assign(**{"2022": 20.0, "2030": 21.5}), "these are no people"),
        (lambda f: f.iloc[[0, 1, 3, 4]], "ages do not meet or overlap"),
        (lambda f: pd.concat([f, f.iloc[:1]]), "ages do not meet or overlap"),
        (lambda f: f.iloc[:4], "ages end at 84"),
        (
            lambda f: f.assign(age_group=["0-14", "15-19", "20-64", "65-74", "75+"]),
            "ages 75 and over are one band",
        ),
        (
            lambda f: f.assign(age_group=["0-14", "15-19", "20-64", "65-84", "old"]),
            "is no age band",
        ),
        (lambda f: f.assign(code=["E1", "E1", None, "E1", "E1"]), "has no code"),
    ],
)
def test_damaged_tables_are_refused_with_a_reason(tmp_path, change, words):
    with pytest.raises(InputError, match=words):
        read(tmp_path, change(rows()))


def test_cells_of_faults_are_named_by_row_and_column(tmp_path):
    with pytest.raises(InputError) as error:
        read(tmp_path, rows().assign(**{"2030": [1, 2, -3, 4, 5]}))
    assert (error.value.faults[0].row, error.value.faults[0].column) == (4, "2030")


def test_people_of_every_band_are_counted_once():
    bands = "first,last,2022\n0,9,10\n10,19,20\n20,89,70\n90,inf,3\n"
    frame = pd.read_csv(io.StringIO(bands)).assign(code="U", name="U")
    table, words = by_broad_age(frame, ["2022"])
    # 10 to 19: six years of ten before 16; 20 to 89: 45, 20 and 5 of 70 years
    assert table["2022"].tolist() == pytest.approx([22, 53, 20, 8, 103])
    assert words[1] == "ages 20 to 89 divided evenly between 16 to 64 and 65 to 84 and 85 and over"
    assert np.isclose(table["2022"].iloc[:4].sum(), 103)
