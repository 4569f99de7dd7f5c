"""The invented country: land, river, towns and villages, out in the North Sea."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

NAME = "SYNTHETIC Estmere and Saltwrack"
ORIGIN = np.array([632_000.0, 384_000.0])  # EPSG:27700, some 40 km off Norfolk: open sea
CITY, COUNTY = ("X10000001", "Estmere City (SYNTHETIC)"), ("X10000002", "Wrackshire (SYNTHETIC)")

COAST_AND_BORDER = [
    (37.0, 0.2), (38.4, 2.5), (37.6, 5.0), (38.8, 7.5), (37.4, 9.8), (35.4, 11.4), (31.0, 12.3),
    (35.6, 12.7), (38.2, 13.8), (39.4, 16.4), (39.0, 19.2), (37.8, 20.8), (37.6, 22.6),
    (38.6, 24.6), (40.2, 26.4), (40.9, 28.4), (39.2, 30.6), (38.6, 33.8), (28.0, 33.0),
    (20.0, 33.9), (12.0, 32.8), (3.0, 33.6), (0.7, 28.0), (1.5, 20.5), (0.2, 14.0), (1.1, 7.0),
    (0.5, 1.0), (9.0, 0.6), (18.0, 1.5), (28.0, 0.2),
]  # fmt: skip
RIVER = [
    (0.0, 21.0), (4.0, 19.8), (7.5, 19.2), (10.4, 17.6), (12.3, 17.2), (13.7, 15.5), (15.6, 15.3),
    (17.2, 13.9), (20.0, 14.3), (23.5, 12.2), (27.0, 12.9), (31.6, 12.3),
]  # fmt: skip
MOTORWAY = [(7.6, 0.0), (8.0, 8.0), (8.2, 16.2), (7.4, 25.6), (8.6, 34.0)]
DUAL = [(18.9, 17.2), (23.0, 17.4), (27.4, 19.6), (32.0, 20.6), (35.3, 21.5)]
PARKS = [(12.4, 18.9, 0.55), (15.9, 13.6, 0.45), (16.9, 17.6, 0.5), (11.2, 14.6, 0.4)]
VILLAGES = """
    Nether Quill|Over Quill|Larkmarsh|Fennacre|Hobbleswick|Dunsparrow|Cold Tansy|Much Teasel
    Great Sedgelow|Little Sedgelow|Kingsvetch|Brambleholt|Ottermarch|Quarrelthorpe|Pipersedge
    Wrackfleet|Saltern End|Gorsebourne|Mickle Yarrow|Yarrow St Osk|Heronstoke|Candlebeck
    Tolling|Tolling Magna|Fiddlecote|Ashquill|Stoatsby|Murrelham|Nine Elders|Woadhampton
    Pellow|Pellow Regis|Sloethorpe|Bittermere|Tarrowby|Cuckfleet|Drovers Hythe|Eelstow
    Rushabbas|Lambsfold Green|Withymarch|Old Plover|New Plover|Hallowgate|Dabbleford
    Crake Ferry|Thistlenby|Upper Madder
""".replace("\n", "|")


@dataclass(frozen=True)
class District:
    """A quarter of a town: kilometres from its centre, LSOAs, metres a block, deprivation."""

    name: str
    east: float
    north: float
    areas: int
    block: float
    poverty: float  # standard deviations above the nation's mean


@dataclass(frozen=True)
class Town:
    """A town: centre and radius in kilometres from the country's corner."""

    name: str
    east: float
    north: float
    radius: float
    council: tuple[str, str]
    districts: tuple[District, ...]

    @property
    def centre(self) -> np.ndarray:
        """Centre in EPSG:27700."""
        return metres([(self.east, self.north)])[0]


TOWNS = (
    Town("Estmere", 14.0, 16.0, 4.55, CITY, (
        District("Minster", 0.0, 0.2, 17, 88, 0.10),
        District("Ropewalk", 0.3, -1.7, 20, 92, 0.45),
        District("Docks", 2.1, -0.9, 15, 100, 1.35),
        District("Parkside", -1.3, 2.2, 18, 100, -0.20),
        District("Westlea", -3.0, 0.6, 15, 118, -1.25),
        District("Eastgate", 2.7, 1.7, 17, 102, 0.35),
        District("Hagg Hill", 1.6, 3.7, 15, 108, 1.75),
        District("Southmoor", -0.6, -3.7, 16, 108, 1.60),
        District("Orchard Vale", -2.9, -2.0, 17, 112, -0.75),
    )),
    Town("Saltwrack", 37.0, 21.9, 2.25, COUNTY, (
        District("Pier", 0.5, 0.0, 10, 90, 2.00),
        District("Northcliff", 0.0, 1.4, 9, 104, 0.95),
        District("Saltings", -0.2, -1.4, 8, 104, 1.60),
    )),
    Town("Market Vetch", 24.4, 26.6, 1.75, COUNTY, (
        District("Cornhill", 0.0, 0.0, 7, 94, 0.15),
        District("Vetch North", 0.1, 1.0, 6, 110, -0.65),
        District("Mill Fields", 0.2, -1.0, 6, 106, 0.70),
    )),
    Town("Aldermarch", 26.6, 6.6, 1.45, COUNTY, (
        District("Butter Cross", 0.0, 0.3, 7, 96, -0.30),
        District("Alder Rise", 0.1, -0.8, 6, 110, -1.10),
    )),
    Town("Quillborough", 4.6, 28.4, 1.2, COUNTY, (
        District("Quill Bridge", -0.2, 0.1, 5, 96, -0.20),
        District("Abbots Quill", 0.6, -0.3, 4, 108, -1.40),
    )),
)  # fmt: skip


def metres(kilometres: list[tuple[float, float]]) -> np.ndarray:
    """EPSG:27700 of points given in kilometres from the country's south-west corner."""
    return np.asarray(kilometres) * 1000 + ORIGIN


def smooth(points: np.ndarray, rounds: int = 3, closed: bool = False) -> np.ndarray:
    """Cut corners off a line (Chaikin), again and again."""
    for _ in range(rounds):
        ahead = np.roll(points, -1, axis=0) if closed else points[1:]
        behind = points if closed else points[:-1]
        pairs = np.stack([0.75 * behind + 0.25 * ahead, 0.25 * behind + 0.75 * ahead], axis=1)
        cut = pairs.reshape(-1, 2)
        points = cut if closed else np.concatenate([points[:1], cut, points[-1:]])
    return points


def land() -> Polygon:
    """The land: sea in the east with an estuary, neighbours on the other sides."""
    return Polygon(smooth(metres(COAST_AND_BORDER), closed=True))


def river() -> LineString:
    """The river Est, from the western border through the city to its estuary."""
    return LineString(smooth(metres(RIVER)))


def footprint(town: Town, shore: Polygon) -> Polygon:
    """The built-up ground of a town: a round with dents, cut off by the sea."""
    rng = np.random.default_rng(len(town.name))
    phase = rng.uniform(0, 2 * np.pi, 3)
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    dents = sum(
        size * np.cos(k * turn + p)
        for k, size, p in zip((2, 3, 5), (0.07, 0.05, 0.05), phase, strict=True)
    )
    rim = np.column_stack([np.cos(turn), np.sin(turn)]) * (1 + dents)[:, None]
    return Polygon(town.centre + rim * town.radius * 1000).intersection(shore.buffer(-60))


def village_centres(shore: Polygon, built: shapely.Geometry) -> dict[str, np.ndarray]:
    """Where villages lie: away from towns and each other, on dry land."""
    rng = np.random.default_rng(7)
    wet = river().buffer(250)
    home = shore.buffer(-900).difference(built.buffer(1300)).difference(wet)
    home = home.difference(LineString(metres(MOTORWAY)).buffer(500))
    home = home.difference(LineString(metres(DUAL)).buffer(500))
    west, south, east, north = home.bounds
    found: list[np.ndarray] = []
    names = [name.strip() for name in VILLAGES.split("|") if name.strip()]
    while len(found) < len(names):
        spot = rng.uniform((west, south), (east, north))
        near = min((np.hypot(*(spot - other)) for other in found), default=np.inf)
        if near > 2900 and home.contains(Point(spot)):
            found.append(spot)
    return dict(zip(names, found, strict=True))
