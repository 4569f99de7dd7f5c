import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.hosting import roles
from nhcplanner.hosting.roles import Role, read_roles

RULES = """
issuer = "https://login.example/nhs"
everyone = "viewer"
[planner]
emails = ["Ann@nhs.net"]
groups = ["estates"]
[administrator]
groups = ["it"]
"""
ISSUED = {"iss": "https://login.example/nhs"}


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "roles.toml"
    path.write_text(RULES, encoding="utf-8")
    return read_roles(path)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({}, Role.VIEWER),
        ({"email": "ANN@nhs.net"}, Role.PLANNER),
        ({"email": "ann@nhs.net", "email_verified": False}, Role.VIEWER),
        ({"groups": ["estates"]}, Role.PLANNER),
        ({"groups": "x, it"}, Role.ADMINISTRATOR),
        ({"groups": ["it", "estates"], "email": "ann@nhs.net"}, Role.ADMINISTRATOR),
        ({"groups": {"it": True}}, Role.VIEWER),
        ({"groups": ["IT"]}, Role.VIEWER),
    ],
)
def test_a_person_has_the_highest_role_of_their_address_and_groups(rules, claims, role):
    assert rules.of(ISSUED | claims) is role


@pytest.mark.parametrize("issuer", ["", "https://login.example/other"])
def test_people_of_another_issuer_have_no_role(rules, issuer):
    assert rules.of({"iss": issuer, "email": "ann@nhs.net", "groups": ["it"]}) is None


def test_without_a_role_for_everyone_the_others_have_none(tmp_path):
    path = tmp_path / "roles.toml"
    path.write_text('[viewer]\nemails = ["a@b.c"]\n', encoding="utf-8")
    rules = read_roles(path)
    assert rules.of({"email": "a@b.c"}) is Role.VIEWER
    assert rules.of({"email": "d@b.c"}) is rules.of({}) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('everyone = "boss"', "no role 'boss'"),
        ("[administrators]\nemails = []", "administrator"),
        ('[planner]\nemails = "a@b.c"', "should list"),
        ("claim = 3", "should be a text"),
        ("claim =", "roles.toml"),
    ],
)
def test_wrong_rules_are_refused(tmp_path, monkeypatch, text, words):
    path = tmp_path / "roles.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("NHCPLANNER_ROLES", str(path))
    with pytest.raises(InputError, match=words):
        roles.current()


def test_a_missing_file_of_roles_is_an_error_and_no_setting_is_no_rules(tmp_path, monkeypatch):
    monkeypatch.setenv("NHCPLANNER_ROLES", str(tmp_path / "none.toml"))
    with pytest.raises(InputError, match="cannot be read"):
        roles.current()
    monkeypatch.delenv("NHCPLANNER_ROLES")
    assert roles.current() is None
