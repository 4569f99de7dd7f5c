"""Feeds that cannot be used: each fault named with its file, row and column, all at once."""

import zipfile

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel.transit import Timetable, tables

TIMES = "trip_id,stop_sequence,stop_id,arrival_time,departure_time"


def faults(feed) -> list[str]:
    with pytest.raises(InputError) as caught:
        Timetable.read(feed)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("name", ["agency", "routes", "stops", "trips", "stop_times"])
def test_a_missing_file(write, name):
    (fault,) = faults(write(**{name: None}))
    assert fault.startswith(f"feed.zip: has no {name}.txt")


def test_neither_calendar(write):
    (fault,) = faults(write(calendar=None))
    assert "neither calendar.txt nor calendar_dates.txt" in fault


@pytest.mark.parametrize("time", ["25:99:00", "abc", "07:10", "-1:00:00", "07:10:60"])
def test_broken_times_are_named_by_row_and_column(write, time):
    times = f"{TIMES}\nt1,1,A,07:10:00,07:10:00\n\nt1,2,B,{time},{time}"
    first, second = faults(write(stop_times=times))
    assert first.startswith(f"stop_times.txt, row 4, column arrival_time: '{time}' is no time")
    assert second.startswith("stop_times.txt, row 4, column departure_time")


def test_cells_of_all_files_are_told_together(write):
    found = faults(
        write(
            stops="stop_id,stop_lat,stop_lon\nA,north,-3\nB,51.6,-3\nC,51.6,-3",
            trips="trip_id\nt1",
            calendar_dates="service_id,date,exception_type\ndaily,20250231,3",
            frequencies="trip_id,start_time,end_time,headway_secs\nt1,,08:00:00,soon",
        )
    )
    assert [fault.split(": ")[0] for fault in found] == [
        "stops.txt, row 2, column stop_lat",
        "trips.txt, column service_id",
        "calendar_dates.txt, row 2, column date",
        "calendar_dates.txt, row 2, column exception_type",
        "frequencies.txt, row 2, column start_time",
        "frequencies.txt, row 2, column headway_secs",
    ]


def test_headways_that_come_to_too_many_runs(write):
    rows = "\n".join(["t1,00:00:00,24:00:00,1"] * 12)
    (fault,) = faults(write(frequencies=f"trip_id,start_time,end_time,headway_secs\n{rows}"))
    assert "frequencies.txt, column headway_secs: its headways come to 1,036,800 runs" in fault


def test_what_does_not_fit_together_is_told_together(write):
    times = (
        f"{TIMES}\nt1,1,A,07:10:00,07:10:00\nt1,2,Z,07:09:00,07:16:00\n"
        "t1,2,B,07:18:00,07:17:00\nt9,1,A,,\nt9,2,B,08:00:00,08:00:00"
    )
    found = faults(
        write(
            stop_times=times,
            trips="trip_id,service_id\nt1,daily\nt1,gone",
            transfers="from_stop_id,to_stop_id,transfer_type\nA,Q,3",
            frequencies="trip_id,start_time,end_time,headway_secs\nt1,09:00:00,08:00:00,0",
            calendar="service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
            "start_date,end_date\ndaily,1,1,1,1,1,1,1,20250603,20250602",
        )
    )
    told = {fault.split(". ")[0].replace(", column", "") for fault in found}
    assert told == {
        "trips.txt, row 3 trip_id: is there already",
        "stop_times.txt, row 4 trip_id and stop_sequence: is there already",
        "stop_times.txt, row 3 stop_id: 'Z' names a stop that is not in stops.txt",
        "stop_times.txt, row 5 trip_id: 't9' names a trip that is not in trips.txt",
        "stop_times.txt, row 6 trip_id: 't9' names a trip that is not in trips.txt",
        "transfers.txt, row 2 to_stop_id: 'Q' names a stop that is not in stops.txt",
        "trips.txt, row 3 service_id: 'gone' names a service that is not in either calendar",
        "stop_times.txt, row 5 arrival_time: has no time at an end of its trip",
        "stop_times.txt, row 4 departure_time: lies before the arrival",
        "stop_times.txt, row 3 arrival_time: lies before the stop before it",
        "frequencies.txt, row 2 end_time: is not after start_time",
        "frequencies.txt, row 2 headway_secs: is 0",
        "calendar.txt, row 2 end_date: lies before start_date",
    }


def test_times_that_run_backwards_over_a_blank_one(write):
    times = f"{TIMES}\nt1,1,A,07:10:00,07:10:00\nt1,2,B,,\nt1,3,C,07:05:00,07:05:00"
    (fault,) = faults(write(stop_times=times))
    assert fault.startswith("stop_times.txt, row 4, column arrival_time: lies before the stop")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (",", "'A' has no coordinates"),
        ("0,0", "'A (0, 0)' lies off the map"),
        ("-3,51.6", "'A (-3, 51.6)' lies off the map"),
        ("91,400", "'A (91, 400)' lies off the map"),
    ],
)
def test_stops_without_a_place_on_the_map(write, place, said):
    stops = f"stop_id,stop_lat,stop_lon\nA,{place}\nB,51.6,-3\nC,51.6,-3\nunused,,"
    (fault,) = faults(write(stops=stops))
    assert fault.startswith(f"stops.txt, row 2, column stop_lat: {said}")


def test_a_file_full_of_faults_tells_the_first_and_counts_the_rest(write):
    rows = "\n".join(f"t1,{n},A,bad,07:10:00" for n in range(80))
    found = faults(write(stop_times=f"{TIMES}\n{rows}"))
    assert len(found) == 51
    assert found[-1] == "stop_times.txt, column arrival_time: 30 more rows like these"


def test_no_zip_and_no_file(tmp_path):
    path = tmp_path / "feed.zip"
    assert "no such file" in faults(path)[0]
    path.write_text("stop_id")
    assert "no zip file" in faults(path)[0]
    path.write_bytes(b"")
    assert "no zip file" in faults(path)[0]


def test_a_zip_packed_in_an_unusual_way(write):
    path = write(stops=None)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as packed:
        packed.writestr("stops.txt", "stop_id")
    assert "stops.txt is packed in an unusual way" in faults(path)[0]


def test_a_file_whose_packing_is_damaged(write):
    path = write(stops=None)
    rows = "".join(f"s{n},51.{n},-3.{n}\n" for n in range(3000))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("stops.txt", f"stop_id,stop_lat,stop_lon\n{rows}")
        start = packed.getinfo("stops.txt").header_offset
    broken = bytearray(path.read_bytes())
    broken[start + 200 : start + 400] = b"\xff" * 200
    path.write_bytes(bytes(broken))
    assert "damaged" in faults(path)[0]


def test_a_damaged_zip(write):
    path = write()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in faults(path)[0]
    broken = bytearray(whole)
    broken[60] ^= 0xFF
    path.write_bytes(bytes(broken))
    assert "damaged" in faults(path)[0]


@pytest.mark.parametrize("name", ["stop_times.txt", "deep/within/notes.txt"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(write, name, monkeypatch):
    monkeypatch.setattr(tables, "SMALL", 1_000_000)
    path = write(stop_times=None)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, b"0" * 2_000_000)
    assert any(name in f and "times its size" in f for f in faults(path))


def test_a_feed_too_large_unpacked(write, monkeypatch):
    monkeypatch.setattr(tables, "MOST_BYTES", 100)
    assert "would unpack to more than" in faults(write())[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice(write):
    path = write()
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("stops.txt", "stop_id")
    (fault,) = faults(path)
    assert fault.startswith("feed.zip: stops.txt stands in it 2 times")


def test_a_feed_packed_with_its_folder(tmp_path):
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("gtfs/stops.txt", "stop_id")
    (fault,) = faults(path)
    assert "its files lie in a folder (gtfs/stops.txt)" in fault


def test_text_that_is_no_table(write):
    (fault,) = faults(write(trips=""))
    assert fault.startswith("trips.txt: is empty")
    (fault,) = faults(write(trips='trip_id,service_id\n"t1,daily'))
    assert fault.startswith("trips.txt: is no table")
    (fault,) = faults(write(trips="trip_id,service_id\nt1,d\u00e9".encode("latin-1")))
    assert fault.startswith("trips.txt: is not UTF-8 text")


def test_files_without_rows(write):
    found = faults(write(stop_times=TIMES, trips="trip_id,service_id"))
    assert [f.split(". ")[0] for f in found] == [
        "trips.txt: has no rows",
        "stop_times.txt: has no rows",
    ]


def test_marks_spaces_and_quotes_around_cells_do_not_matter(write):
    trips = '\ufefftrip_id , service_id,trip_headsign\n t1 ,"daily","Town, centre"'
    assert Timetable.read(write(trips=trips)).report["trips"] == 1
