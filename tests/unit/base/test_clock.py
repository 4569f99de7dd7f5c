"""The clock: time left, and who is told what."""

from nhcplanner.base.clock import Clock


def test_time_left_never_goes_below_zero():
    assert Clock(-1).left == 0
    assert 0 < Clock(100).left <= 100


def test_a_moment_after_a_report_only_what_must_be_told_is_told():
    told = []
    clock = Clock(100, told.append)
    clock.enter(2, 3, "people within reach")
    for now in (False, False, True):
        clock.tell(1.0, 2.0, now)
    assert len(told) == 2
    assert (told[0].stage, told[0].stages, told[0].goal) == (2, 3, "people within reach")
    assert (told[0].best, told[0].bound) == (1.0, 2.0)


def test_false_stops_and_nobody_is_told_again():
    told = []

    def stop(report) -> bool:
        told.append(report)
        return False

    clock = Clock(100, stop)
    assert clock.tell(None, None)
    assert clock.tell(None, None, now=True)
    assert (clock.left, clock.is_stopped, len(told)) == (0, True, 1)


def test_without_a_listener_nothing_stops():
    assert not Clock(100).tell(1.0, None, now=True)
