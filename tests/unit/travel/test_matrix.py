"""Matrix files of other tools are read as tables of text."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, questions_of
from nhcplanner.travel import lacks, read_matrix, read_pairs
from nhcplanner.travel.matrix import read_table

A, B = "E01000001", "E01000002"


def dense(times) -> list[list[float]]:
    full = np.full(times.minutes.shape, np.inf)
    pairs = times.minutes.tocoo()
    full[pairs.coords] = pairs.data
    return full.tolist()


WHOLE = [[0, 30], [5, np.inf], [5, np.inf]]


@pytest.mark.parametrize(
    ("lines", "unit"),
    [
        (["Origin,Destination,Minutes", f"{A},s,0", f"{A},t,30", f"{B},s,5", f"{B},t,"], ""),
        (["from_id,to_id,travel_time_seconds", f"{A},s,0", f"{A},t,1800", f"{B},s,300",
          f"{B},t,NA"], ""),
        (["lsoa21cd,site_id,travel_time", f"{A},s,0", f"{A},t,1800", f"{B},s,300",
          f"{B},t,9999"], "seconds"),
        (["lsoa21cd,s,t", f"{A},0,30", f"{B},5,-"], "minutes"),
        (["code,t,s", f"{B},,300", f"{A},1800,0"], "seconds"),
    ],
)  # fmt: skip
def test_long_and_wide_minutes_and_seconds_say_the_same(csv, place, lines, unit):
    times = read_matrix(csv(*lines), place, unit)
    assert dense(times) == WHOLE
    assert times.minutes.dtype == np.float32
    assert (times.engine, times.estimate) == ("matrix: tracc.csv", False)
    assert lacks(times) == ()


def test_every_kind_of_fault_is_reported_at_once_with_its_first_row(csv):
    path = csv("origin,destination,minutes", "a,s,1", "a,t,-4", "b,s,far", ",s,1", "a,s,2", "b,t,x")
    with pytest.raises(InputError) as caught:
        read_pairs(path)
    problems = {fault.row: fault.problem for fault in caught.value.faults}
    assert set(problems) == {3, 4, 5, 6}
    assert "2 cells or rows hold a time that is not a number, first b to s (far)" in problems[4]
    assert "a to s (2)" in problems[6]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["origin,destination,time", "a,s,1"], "--matrix-unit"),
        (["origin,s,t", "a,1,2"], "--matrix-unit"),
        (["origin,destination,x,y", "a,s,1,2"], "no column of times"),
        (["origin", "a"], "not a table of times"),
        (["origin,s"], "not a table of times"),
        (["a,b", '"'], "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_understood_says_why(csv, lines, words):
    with pytest.raises(InputError, match=words):
        read_pairs(csv(*lines))


PERCENTILES = (
    "from_id,to_id,travel_time_p25,travel_time_p50,travel_time_p75",
    f"{A},s,3,15,24", f"{A},t,38,50,59", f"{B},s,13,25,34", f"{B},t,33,45,54",
)  # fmt: skip


def test_several_columns_of_times_are_a_question_that_an_answer_settles(csv, place):
    path = csv(*PERCENTILES)
    with pytest.raises(InputError, match="has 3 columns of times") as caught:
        read_pairs(path, "minutes")
    (question,) = questions_of(caught.value)
    assert question.hint.startswith(
        "Say --assume matrix.minutes=p25 or --assume matrix.minutes=p50"
    )
    for answer in ("p50", "travel_time_p50", "Travel time P50"):
        times = read_matrix(path, place, answers=Answers({"matrix.minutes": answer}))
        assert dense(times) == [[15, 50], [25, 45], [25, 45]]
    pairs = read_pairs(path, answers=Answers({"matrix.minutes": "p75"}))
    assert pairs.words == "Minutes of the matrix tracc.csv: travel_time_p75, in minutes"
    assert [str(event) for event in pairs.record.events] == [
        "travel_time_p75 is the p75 of all departures, by its heading",
        "travel_time_p75 is in minutes, as r5py writes it",
    ]
    assert [column.ours for column in pairs.record.columns] == [
        "origin", "destination", "", "", "minutes",
    ]  # fmt: skip


@pytest.mark.parametrize("values", [(900, 5400, 1200, 7200), (4000, 4000, 4000, 4000)])
def test_seconds_taken_as_minutes_are_a_question(csv, place, values):
    rows = [
        f"{c},{v}" for c, v in zip((f"{A},s", f"{A},t", f"{B},s", f"{B},t"), values, strict=True)
    ]
    path = csv("origin,destination,minutes", *rows)
    with pytest.raises(InputError, match="its median is") as caught:
        read_pairs(path)
    assert questions_of(caught.value)[0].key == "matrix.unit"
    with pytest.raises(InputError, match="its median is"):
        read_pairs(path, "minutes")
    times = read_matrix(path, place, answers=Answers({"matrix.unit": "seconds"}), horizon=999)
    assert times.minutes.toarray()[0].tolist() == pytest.approx([v / 60 for v in values[:2]])


def test_minutes_taken_as_seconds_are_a_question(csv):
    with pytest.raises(InputError, match=r"its median is 0\.25 minutes if its times are seconds"):
        read_pairs(csv("search_id,id,travel_time", f"{A},s,10", f"{A},t,20"))


def test_pairs_of_a_point_and_itself_are_left_out_and_counted(csv):
    pairs = read_pairs(csv("origin,destination,minutes", f"{A},{A},0", f"{A},s,4", "s,s,0"))
    assert len(pairs.frame) == 1
    assert [str(event) for event in pairs.record.events] == ["2 pairs of a point and itself"]


def test_titles_and_windows_text_are_read_with_a_line_each(tmp_path, place):
    path = tmp_path / "tracc.csv"
    lines = ["Results for caf\N{LATIN SMALL LETTER E WITH ACUTE}", "", "origin,destination,minutes"]
    lines += [f"{A},s,0", f"{A},t,30", f"{B},s,5"]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    assert dense(read_matrix(path, place)) == WHOLE
    words = [event.words for event in read_pairs(path).record.events if event.kind != "doubt"]
    assert words == ["2 rows above the headings left out",
                     "read as Windows-1252 text, as it is not UTF-8"]  # fmt: skip
    path.write_bytes("\r\n".join([*lines, f"{B},s,-1"]).encode("cp1252"))
    with pytest.raises(InputError, match="row 7"):
        read_pairs(path)


def test_journeys_of_many_hours_are_a_doubt(csv):
    pairs = read_pairs(csv("origin,destination,minutes", f"{A},s,5", f"{A},t,6", f"{B},s,999"))
    assert [event.kind for event in pairs.record.events] == ["doubt"]


LINES = ["origin;destination;minutes", "A;s;0", "A;t;30", "B;t;"]
CELLS = [["A", "s", "0"], ["A", "t", "30"], ["B", "t", ""]]


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "utf-8"), ("\t", "utf-16"), ("|", "utf-8-sig")]
)
def test_separators_and_encodings_are_recognised(tmp_path, separator, encoding):
    path = tmp_path / "m.csv"
    path.write_text("\n".join(LINES).replace(";", separator), encoding=encoding)
    table = read_table(path)
    assert list(table.columns) == ["origin", "destination", "minutes"]
    assert table.to_numpy().tolist() == CELLS


def test_parquet_of_another_tool_becomes_text_and_a_place_folder_s_keeps_numbers(tmp_path):
    path = tmp_path / "m.parquet"
    rows = {"from_id": ["A", "B"], "to_id": ["s", "t"], "travel_time": [1.5, None]}
    pd.DataFrame(rows).to_parquet(path)
    assert read_table(path).to_numpy().tolist() == [["A", "s", "1.5"], ["B", "t", ""]]
    pd.DataFrame({"minutes": [1.5], "origin": ["A"], "destination": ["s"]}).to_parquet(path)
    assert read_table(path).to_numpy().tolist() == [["A", "s", 1.5]]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["origin,s,s", "A,1,2"], "s heads several columns"),
        (["origin,destination,minutes", "A,s,1,4"], "more cells than headings"),
    ],
)
def test_ambiguous_tables_are_refused(csv, lines, words):
    with pytest.raises(InputError, match=words):
        read_table(csv(*lines))


def test_pairs_of_no_minutes_are_a_doubt_with_their_codes(csv):
    path = csv("origin,destination,minutes", f"{A},s,0", f"{A},t,30", f"{B},s,0", f"{B},t,5")
    events = read_pairs(path).record.events
    assert [str(event) for event in events] == [
        f"2 pairs of 0 minutes: leave the cell blank if there is no journey ({A} to s; {B} to s)"
    ]


@pytest.mark.parametrize("heading", ["return_minutes", "Round trip (minutes)", "minutes_inbound"])
def test_minutes_of_the_way_back_are_a_question(csv, heading):
    path = csv(f"origin,destination,{heading}", f"{A},s,5", f"{A},t,30")
    with pytest.raises(InputError) as caught:
        read_pairs(path)
    (question,) = questions_of(caught.value)
    assert question.answers == (heading,)
    answered = read_pairs(path, answers=Answers({"matrix.minutes": heading}))
    assert answered.frame["minutes"].tolist() == [5, 30]
