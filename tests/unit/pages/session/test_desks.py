from nhcplanner.pages.session import desks, queue
from nhcplanner.pages.session.files import Key


def test_a_desk_that_was_left_goes_with_the_next_that_comes(monkeypatch):
    monkeypatch.setattr(desks, "_SEATS", {})
    desks.attend(Key("", "one"))
    first = desks.desk(Key("", "one"))
    desks.attend(Key("", "other"))
    assert desks.desk(Key("", "one")) is first
    monkeypatch.setattr(queue, "PATIENCE", -1.0)
    desks.attend(Key("", "third"))
    monkeypatch.setattr(queue, "PATIENCE", 20.0)
    desks.attend(Key("", "one"))
    assert desks.desk(Key("", "one")) is not first
