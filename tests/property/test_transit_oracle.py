"""Public transport against an exhaustive search of small random feeds, departure by departure."""

import math
import zipfile
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from scipy import sparse

from nhcplanner.domain.travel_times import TravelTimes, as_minutes
from nhcplanner.travel.transit import Timetable, TransitRules, transit_times

TO_DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
DAYS = {"mon": 20250602, "tue": 20250603, "wed": 20250604}
WEEKDAYS = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
SECONDS_A_METRE = 1.2  # slow, so that riding pays; 50 metres take a whole minute


class Call(NamedTuple):
    stop: int
    arrival: int
    departure: int
    pickup: int
    drop_off: int


class Trip(NamedTuple):
    service: str
    calls: list[Call]
    spans: list[tuple[int, int, int]]  # start, end, headway
    block: str = ""


class World(NamedTuple):
    stops: list[int]  # metres along a line
    trips: list[Trip]
    transfers: list[tuple[int, int, int, int]]  # from, to, type, least seconds
    seated: list[tuple[int, int, int]]  # trip, the trip that it goes on as, type 4 or 5


@st.composite
def lines(draw, route, earliest):
    """One line: a few stops, run a few times, on one of three days, now and then by headway."""
    ride = [draw(st.integers(10, 200)) for _ in route]
    halt = draw(st.sampled_from([0, 0, 30]))
    flags = [draw(st.tuples(*[st.sampled_from([0] * 10 + [1, 3])] * 2)) for _ in route]
    service = draw(st.sampled_from(["tue", "tue", "tue", "mon", "wed"]))
    day = {"mon": 86_400, "tue": 0, "wed": -86_400}[service]
    first, headway = earliest + draw(st.integers(0, 300)), draw(st.integers(120, 600))
    found = []
    for run in range(draw(st.integers(2, 4))):
        time, calls = first + day + run * headway, []
        for stop, way, (pickup, drop_off) in zip(route, ride, flags, strict=True):
            calls.append(Call(stop, time, time + halt, pickup, drop_off))
            time += halt + way
        if calls[0].arrival >= 0:
            found.append(Trip(service, calls, []))
    if found and draw(st.integers(0, 4)) == 0:
        start = max(0, found[0].calls[0].departure + draw(st.integers(-600, 600)))
        span = (start, start + draw(st.integers(1, 900)), headway)
        found[0] = found[0]._replace(spans=[span])
    return found


@st.composite
def worlds(draw, around):
    """Lines from each stop to the next, so that people must change, and a few others."""
    count = draw(st.integers(3, 5))
    stop = st.integers(0, count - 1)
    places = draw(st.permutations(range(12)))[:count]
    routes = [[n, n + 1] for n in range(count - 1)]
    routes += draw(st.lists(st.lists(stop, min_size=2, max_size=4), max_size=2))
    runs = [
        trip
        for n, route in enumerate(routes)
        for trip in draw(lines(route, around + 200 * min(n, count)))
    ]
    pair = st.one_of(stop.map(lambda n: (n, n)), st.tuples(stop, stop))
    kind = st.sampled_from([0, 1, 2, 3])
    rule = st.builds(lambda ab, *rest: (*ab, *rest), pair, kind, st.integers(0, 600))
    rules = draw(st.lists(rule, min_size=1, max_size=4, unique_by=lambda r: r[:2]))
    block = st.sampled_from(["", "", "one", "two"])
    runs = [trip._replace(block=draw(block)) for trip in runs]
    pair = st.tuples(*[st.integers(0, max(len(runs) - 1, 0))] * 2, st.sampled_from([4, 5]))
    seated = draw(st.lists(pair, max_size=3, unique_by=lambda p: p[:2])) if runs else []
    return World([300 * place for place in places], runs, rules, seated)


def write(world, path):
    clock = lambda s: f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"  # noqa: E731
    stops, calls, lines, often = [], [], [], []
    for n, place in enumerate(world.stops):
        lon, lat = TO_DEGREES.transform(330_000 + place, 190_000)
        stops.append(f"s{n},{lat:.9f},{lon:.9f}")
    for n, trip in enumerate(world.trips):
        lines.append(f"t{n},{trip.service},{trip.block}")
        calls += [
            f"t{n},{i},s{c.stop},{clock(c.arrival)},{clock(c.departure)},{c.pickup},{c.drop_off}"
            for i, c in enumerate(trip.calls)
        ]
        often += [f"t{n},{clock(a)},{clock(b)},{headway}" for a, b, headway in trip.spans]
    one_day = [
        f"{name},{','.join('01'[n == k] for k in range(7))},{day},{day}"
        for n, (name, day) in enumerate(DAYS.items())
    ]
    files = {
        "agency": ("agency_name", ["A"]),
        "routes": ("route_id", ["r"]),
        "stops": ("stop_id,stop_lat,stop_lon", stops),
        "trips": ("trip_id,service_id,block_id", lines),
        "stop_times": (
            "trip_id,stop_sequence,stop_id,arrival_time,departure_time,pickup_type,drop_off_type",
            calls,
        ),
        "calendar": (f"service_id,{WEEKDAYS},start_date,end_date", one_day),
        "frequencies": ("trip_id,start_time,end_time,headway_secs", often),
        "transfers": (
            "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id",
            [f"s{a},s{b},{kind},{least},," for a, b, kind, least in world.transfers]
            + [f",,{kind},,t{a},t{b}" for a, b, kind in world.seated],
        ),
    }
    with zipfile.ZipFile(path, "w") as packed:
        for name, (header, rows) in files.items():
            packed.writestr(f"{name}.txt", "\n".join([header, *rows]))


def walk(area_xy, site_xy, *, horizon):
    metres = np.round(np.abs(np.subtract.outer(area_xy[:, 0], site_xy[:, 0])))
    minutes = metres * SECONDS_A_METRE / 60
    minutes[minutes > horizon] = np.inf
    return TravelTimes(as_minutes(minutes), "walk", "line", estimate=False, horizon=horizon)


class Run(NamedTuple):
    """One vehicle on one trip, by Tuesday's clock."""

    number: int  # of its trip
    service: str
    calls: list[Call]


def runs_of(world):
    """Every run of every vehicle on Tuesday's clock."""
    shift = {"mon": -86400, "tue": 0, "wed": 86400}
    for number, trip in enumerate(world.trips):
        moves = [0]
        if trip.spans:
            first = trip.calls[0].departure
            moves = [t - first for a, b, headway in trip.spans for t in range(a, b, headway)]
        for move in moves:
            late = move + shift[trip.service]
            calls = [
                c._replace(arrival=c.arrival + late, departure=c.departure + late)
                for c in trip.calls
            ]
            yield Run(number, trip.service, calls)


def onward(world, runs, run):
    """Runs as which the vehicle of a run goes on, in which riders may stay."""
    if world.trips[run.number].spans:
        return
    end = run.calls[-1]
    later = [
        other
        for other in runs
        if other.number != run.number
        and not world.trips[other.number].spans
        and 0 <= other.calls[0].departure - end.arrival <= 12 * 3600
    ]
    block = world.trips[run.number].block
    mates = [
        o
        for o in later
        if block and world.trips[o.number].block == block and o.service == run.service
    ]
    following = min(mates, key=lambda o: (o.calls[0].departure, o.number), default=None)
    for other in later:
        kinds = [k for a, b, k in world.seated if (a, b) == (run.number, other.number)]
        again = end.drop_off != 1 and other.calls[0].pickup != 1
        near = following is other and other.calls[0].stop == end.stop
        if near or 4 in kinds or (5 in kinds and again):
            yield other


def change_seconds(world, rules, a, b):
    """Least seconds from alighting at a to boarding at b; None where nobody may."""
    for source, target, kind, least in world.transfers:
        if (source, target) == (a, b) and kind:
            return {1: 0, 2: least, 3: None}[kind]
    walked = abs(world.stops[a] - world.stops[b]) * SECONDS_A_METRE
    return walked + 60 * rules.slack if walked <= 60 * rules.change_walk else None


def rides(world, runs, stop, ready):
    """Every call at which somebody may alight who waits at a stop from some second on."""
    for run in runs:
        for i, call in enumerate(run.calls):
            if call.stop == stop and call.pickup != 1 and call.departure >= ready:
                yield from (there for there in run.calls[i + 1 :] if there.drop_off != 1)
                aboard, seen = list(onward(world, runs, run)), []
                while aboard:
                    later = aboard.pop()
                    if later not in seen:
                        seen.append(later)
                        yield from (there for there in later.calls if there.drop_off != 1)
                        aboard += onward(world, runs, later)


def earliest(world, rules, home, site, leave):
    """Try every way to ride: all states (stop, ready at, rides) that can come about."""
    runs = list(runs_of(world))
    to_walk = lambda a, b: abs(a - b) * SECONDS_A_METRE  # noqa: E731
    best = leave + to_walk(home, site)
    pending = {
        (stop, leave + to_walk(home, place), 0)
        for stop, place in enumerate(world.stops)
        if to_walk(home, place) <= 60 * rules.access_walk
    }
    seen = set()
    while pending:
        state = stop, ready, ridden = pending.pop()
        seen.add(state)
        if ridden == rules.most_rides:
            continue
        for there in rides(world, runs, stop, ready):
            out = to_walk(world.stops[there.stop], site)
            if out <= 60 * rules.egress_walk:
                best = min(best, there.arrival + out)
            for other in range(len(world.stops)):
                change = change_seconds(world, rules, there.stop, other)
                if change is not None:
                    pending.add((other, there.arrival + change, ridden + 1))
        pending -= seen
    return best


def oracle(world, rules, home, site, departures):
    minutes = [(earliest(world, rules, home, site, t) - t) / 60 for t in departures]
    minutes = sorted(m if m <= rules.horizon else math.inf for m in minutes)
    at = lambda share: minutes[math.ceil(share * len(minutes)) - 1]  # noqa: E731
    return at(0.5), at(0.75), sum(m <= rules.reach for m in minutes) / len(minutes)


RULES = st.builds(
    TransitRules,
    horizon=st.sampled_from([30.0, 60.0]),
    reach=st.sampled_from([10.0, 20.0]),
    access_walk=st.sampled_from([2.0, 7.0]),
    egress_walk=st.sampled_from([3.0, 7.0]),
    change_walk=st.sampled_from([2.0, 7.0]),
    slack=st.sampled_from([0.0, 2.0]),
    most_rides=st.integers(1, 3),
    every=st.sampled_from([1.0, 2.5]),
)


@pytest.mark.parametrize(
    ("window", "start"), [(("07:00", "07:09"), 25_200), (("23:58", "24:07"), 86_280)]
)
@settings(deadline=None, max_examples=60)
@given(data=st.data(), rules=RULES)
def test_every_statistic_is_that_of_an_exhaustive_search(
    tmp_path_factory, window, start, data, rules
):
    world = data.draw(worlds(start))
    homes = [world.stops[0], world.stops[1] + 50]
    sites = [world.stops[-1], world.stops[-2] - 100]
    path = tmp_path_factory.mktemp("feed") / "feed.zip"
    write(world, path)
    if not any(trip.service == "tue" for trip in world.trips):
        return  # no service that day, which is refused
    timetable = Timetable.read(path, "2025-06-03", window)
    on_map = lambda places: np.array([[330_000 + p, 190_000] for p in places])  # noqa: E731
    found = transit_times(timetable, walk, on_map(homes), on_map(sites), rules)
    departures = np.arange(start, start + 540, int(60 * rules.every))
    for row, home in enumerate(homes):
        for col, site in enumerate(sites):
            true = oracle(world, rules, home, site, departures)
            got = (
                stored(found.median.minutes, row, col),
                stored(found.p75.minutes, row, col),
                found.share[row, col],
            )
            assert got == pytest.approx(true, abs=1e-5)


def stored(minutes: sparse.csr_array, row: int, col: int) -> float:
    """A pair's minutes; inf where it is not stored."""
    some = slice(minutes.indptr[row], minutes.indptr[row + 1])
    found = minutes.data[some][minutes.indices[some] == col]
    return float(found[0]) if len(found) else math.inf
