"""Feature services: every page once, in order, counted; errors told with a 200 are refused."""

import json

import pytest

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web import CachedWeb
from nhcplanner.layers.web.services import FeatureLayer, features

ADDRESS = "https://services1.example.com/x/arcgis/rest/services/LOOKUP/FeatureServer/0/query"
LAYER = FeatureLayer(ADDRESS, "LSOA21CD", ("LSOA21CD", "LAD24CD"))
ROWS = [{"LSOA21CD": f"E0100{n:04d}", "LAD24CD": f"E0600000{n % 7}"} for n in range(4500)]


def codes(path):
    said = json.loads(path.read_text())
    return [feature["attributes"]["LSOA21CD"] for feature in said["features"]]


def test_all_pages_come_in_order(publisher, web, feature_service):
    publisher.serves(ADDRESS, feature_service(ROWS[::-1]))
    assert codes(features(web, LAYER)) == [row["LSOA21CD"] for row in ROWS]
    offsets = [asked.terms.get("resultOffset") for asked in publisher.asked]
    assert offsets == [None, "0", "2000", "4000"]


def test_a_service_with_smaller_pages_is_asked_more_often(publisher, web, feature_service):
    publisher.serves(ADDRESS, feature_service(ROWS, page=1000))
    assert len(codes(features(web, LAYER))) == 4500
    assert publisher.times(ADDRESS) == 6


def test_only_what_is_named_in_parts(publisher, web, feature_service):
    publisher.serves(ADDRESS, feature_service(ROWS))
    wanted = [row["LSOA21CD"] for row in ROWS[:600]]
    assert codes(features(web, LAYER, wanted)) == wanted
    assert publisher.times(ADDRESS) == 6  # three parts, each counted and given


def test_pages_lost_on_the_way_are_seen(publisher, web, feature_service, answer):
    whole = feature_service(ROWS)

    def route(asked):
        said = json.loads(whole(asked).body)
        if asked.terms.get("resultOffset") == "2000":
            said["features"] = said["features"][:-1]
            said.pop("exceededTransferLimit")
        return answer(json.dumps(said).encode())

    publisher.serves(ADDRESS, route)
    with pytest.raises(FetchError, match="3,999 of 4,500 features came"):
        features(web, LAYER)


def test_a_run_that_broke_off_goes_on_at_the_missing_page(
    publisher, web, client, feature_service, answer
):
    whole = feature_service(ROWS)
    publisher.serves(
        ADDRESS,
        lambda asked: (
            answer(b"", 500) if asked.terms.get("resultOffset") == "4000" else whole(asked)
        ),
    )
    with pytest.raises(FetchError, match="500"):
        features(web, LAYER)
    publisher.serves(ADDRESS, whole)
    publisher.asked.clear()
    assert len(codes(features(CachedWeb(web.cache, client, loopback=True), LAYER))) == 4500
    assert [asked.terms["resultOffset"] for asked in publisher.asked] == ["4000"]


@pytest.mark.parametrize(("error", "words", "times"), [
    ({"code": 400, "message": "Invalid URL", "details": ["Invalid field: LAD24CD"]},
     "Invalid field: LAD24CD. The publisher may have moved", 1),
    ({"code": 400, "message": "Cannot perform query", "details": None}, "Cannot perform query", 1),
    ("Token Required", "the service says Token Required", 1),
    ({"code": 429, "message": "Too many requests"}, "Too many requests; tried 3 times", 3),
])  # fmt: skip
def test_errors_told_as_a_success(publisher, web, error, words, times):
    publisher.says(ADDRESS, json.dumps({"error": error}).encode())
    with pytest.raises(FetchError) as caught:
        features(web, LAYER)
    assert words in str(caught.value)
    assert publisher.times(ADDRESS) == times


@pytest.mark.parametrize(("said", "words"), [
    (b'{"count": 3}', "the service says no features"),
    (b'{"count": 3, "features": {}}', "the service says no features"),
    (b'{"count": "3"}', "the service says no count"),
    (b'{"count": 2.5}', "the service says no count"),
])  # fmt: skip
def test_a_count_or_features_that_are_none_are_refused(publisher, web, said, words):
    publisher.says(ADDRESS, said)
    with pytest.raises(FetchError, match=words):
        features(web, LAYER)


def test_a_layer_that_knows_none_of_the_areas(publisher, web, feature_service):
    publisher.serves(ADDRESS, feature_service(ROWS))
    with pytest.raises(FetchError, match="knows none"):
        features(web, LAYER, ["E01999999"])


def test_the_same_features_keep_their_date(publisher, web, feature_service):
    publisher.serves(ADDRESS, feature_service(ROWS[:10]))
    first = features(web, LAYER).stat().st_mtime_ns
    assert features(web, LAYER).stat().st_mtime_ns == first
