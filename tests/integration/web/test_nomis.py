"""Nomis: parts joined under one header, each as many rows as Nomis counts."""

import pytest

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web import services

ADDRESS = f"{services.ROOT}/NM_2063_1.data.csv"
HEADER = "DATE_NAME,GEOGRAPHY_CODE,C2021_CARS_5_NAME,OBS_VALUE,RECORD_OFFSET,RECORD_COUNT"


def serve(publisher, answer, change=lambda text: text):
    def route(asked):
        codes = asked.terms["geography"].split(",")
        rows = [f'2021,"{c}","Total: All households",{n},{n},{len(codes)}'
                for n, c in enumerate(codes)]  # fmt: skip
        return answer(change("\r\n".join([HEADER, *rows, ""])).encode())

    publisher.serves(ADDRESS, route)


CODES = tuple(f"E01{n:06d}" for n in range(400))


def test_parts_are_joined_under_one_header(publisher, web, answer):
    serve(publisher, answer)
    lines = (
        services.nomis_table(web, ADDRESS, "c2021_cars_5", "0,1", CODES).read_text().splitlines()
    )
    assert lines[0] == HEADER
    assert len(lines) == 401
    assert publisher.times(ADDRESS) == 3
    assert publisher.asked[0].terms["c2021_cars_5"] == "0,1"
    assert publisher.asked[0].terms["measures"] == "20100"


@pytest.mark.parametrize(("change", "words"), [
    (lambda text: text.rsplit("\r\n", 2)[0] + "\r\n", "149 of 150 rows"),
    (lambda text: text.replace(",150\r\n", ",many\r\n"), "150 of many rows"),
    (lambda text: HEADER + "\n", "no rows"),
    (lambda text: text + "x" * 200_000 + "\n", "not a CSV: field larger than"),
    (lambda text: "<html><title>Busy</title>", "web page"),
    (lambda text: "", "is empty"),
])  # fmt: skip
def test_what_is_not_whole_is_refused(publisher, web, answer, change, words):
    serve(publisher, answer, change)
    with pytest.raises(FetchError, match=words):
        services.nomis_table(web, ADDRESS, "c2021_cars_5", "0,1", CODES)
