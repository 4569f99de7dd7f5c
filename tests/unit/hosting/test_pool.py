import pytest

from nhcplanner.hosting import metrics
from nhcplanner.hosting.pool import Pool, workers


def run(pool, tickets):
    """Names of the owners that are served one after another by one slot."""
    served, waiting = [], list(tickets)
    while waiting:
        (due,) = [one for one in waiting if pool.is_due(one)]
        served.append(due.owner)
        waiting.remove(due)
        pool.leave(due)
    return "".join(served)


def test_owners_take_turns_however_many_jobs_one_of_them_has():
    pool = Pool(1, 5)
    assert run(pool, [pool.join(owner) for owner in "aaaabbc"]) == "abcabaa"


def test_an_owner_who_comes_back_again_and_again_delays_nobody_twice():
    pool = Pool(1, 5)
    many = [pool.join("a"), pool.join("a")]
    one = pool.join("b")
    assert pool.is_due(many[0])
    pool.leave(many[0])
    assert pool.is_due(one)
    pool.leave(one)
    again = pool.join("b")
    assert not pool.is_due(again)
    assert pool.is_due(many[1])


def test_an_owner_has_no_more_slots_than_are_theirs():
    pool = Pool(3, 2)
    ours = [pool.join("a") for _ in range(3)]
    theirs = pool.join("b")
    for _ in range(4):  # as often as each of them asks
        given = [pool.is_due(one) for one in [*ours, theirs]]
    assert given == [True, True, False, True]
    assert pool.counts() == (3, 1)
    assert pool.ahead(pool.join("b")) == 1
    pool.leave(ours[0])
    pool.leave(ours[0])
    assert not pool.is_due(ours[2])  # b was served longer ago
    assert pool.counts() == (2, 2)


def test_figures_follow_the_pool():
    pool = Pool(1, 1)
    first, second = pool.join("a"), pool.join("b")
    pool.is_due(first)
    value = metrics.REGISTRY.get_sample_value
    assert value("nhcplanner_jobs_running") == value("nhcplanner_jobs_waiting") == 1
    pool.leave(first)
    pool.leave(second)
    assert value("nhcplanner_jobs_running") == value("nhcplanner_jobs_waiting") == 0


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("0", None), ("many", None)])
def test_slots_are_set_or_one_for_each_core(monkeypatch, text, number):
    monkeypatch.setenv("NHCPLANNER_WORKERS", text)
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    assert workers() == (number or 7)
