from nhcplanner.pages.session import desks, queue


def test_a_desk_that_was_left_goes_with_the_next_that_comes(monkeypatch):
    monkeypatch.setattr(desks, "_SEATS", {})
    desks.attend("one")
    first = desks.desk("one")
    desks.attend("other")
    assert desks.desk("one") is first
    monkeypatch.setattr(queue, "PATIENCE", -1.0)
    desks.attend("third")
    monkeypatch.setattr(queue, "PATIENCE", 20.0)
    desks.attend("one")
    assert desks.desk("one") is not first
