import json
import time

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.hosting import shares

OWNER, OTHER = "0" * 32, "f" * 32


def test_a_link_opens_one_work_for_reading_and_its_token_is_stored_nowhere(tmp_path):
    token = shares.make(tmp_path, OWNER, "work")
    share = shares.find(tmp_path, token)
    assert (share.owner, share.work, share.right) == (OWNER, "work", "read")
    assert token not in "".join(p.name + p.read_text() for p in tmp_path.iterdir())
    for wrong in ("", "../x", share.id, token[:-1] + "!", token[::-1]):
        assert shares.find(tmp_path, wrong) is None


def test_an_invitation_is_for_the_person_named(tmp_path):
    token = shares.make(tmp_path, OWNER, "work", "change", " Bea@NHS.net ")
    assert shares.find(tmp_path, token) is None
    assert shares.find(tmp_path, token, "ann@nhs.net") is None
    assert shares.find(tmp_path, token, "bea@nhs.net").right == "change"


@pytest.mark.parametrize(("right", "email"), [("change", ""), ("read", "bea"), ("read", "a@b,c@d")])
def test_wrong_shares_are_refused(tmp_path, right, email):
    with pytest.raises(InputError):
        shares.make(tmp_path, OWNER, "work", right, email)


def test_a_share_ends_by_its_day_or_by_its_owner(tmp_path, monkeypatch):
    monkeypatch.setenv("NHCPLANNER_SHARE_DAYS", "2")
    old, new = (shares.make(tmp_path, OWNER, name) for name in ("old", "new"))
    shares.end(tmp_path, OTHER, shares.id_of(new))
    assert shares.find(tmp_path, new)
    now = time.time()
    monkeypatch.setattr(shares.time, "time", lambda: now + 1.9 * 86_400)
    assert {one.work for one in shares.of_owner(tmp_path, OWNER)} == {"old", "new"}
    shares.end(tmp_path, OWNER, shares.id_of(new))
    assert shares.find(tmp_path, new) is None
    monkeypatch.setattr(shares.time, "time", lambda: now + 2.1 * 86_400)
    assert shares.find(tmp_path, old) is None
    shares.delete_ended(tmp_path)
    assert not list(tmp_path.iterdir())


def test_files_that_were_changed_by_hand_open_nothing(tmp_path):
    token = shares.make(tmp_path, OWNER, "work")
    (path,) = tmp_path.iterdir()
    for change in ({"id": "0" * 64}, {"right": "own"}, {"until": "x"}, {"more": 1}):
        path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
        assert shares.find(tmp_path, token) is None
