from nhcplanner.pages.session import attendance, queue
from nhcplanner.pages.session.files import Key


def test_abandoned_work_is_forgotten_when_other_work_is_opened(monkeypatch):
    monkeypatch.setattr(attendance, "_OPEN", {})
    attendance.attend(Key("", "one"))
    first = attendance.queue_of(Key("", "one"))
    attendance.attend(Key("", "other"))
    assert attendance.queue_of(Key("", "one")) is first
    monkeypatch.setattr(queue, "ABANDONED_SECONDS", -1.0)
    attendance.attend(Key("", "third"))
    monkeypatch.setattr(queue, "ABANDONED_SECONDS", 20.0)
    attendance.attend(Key("", "one"))
    assert attendance.queue_of(Key("", "one")) is not first
