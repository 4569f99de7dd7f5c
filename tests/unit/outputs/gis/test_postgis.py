"""Messages about a database hold no password, wherever its address has it."""

import pytest
from sqlalchemy.engine import make_url

from nhcplanner import outputs
from nhcplanner.base.errors import InputError
from nhcplanner.outputs.gis.postgis import _without_secrets as without_secrets

WORDS = ("p@ss word", "p%40ss%20word", "p%40ss+word")


@pytest.mark.parametrize("address", [
    "postgresql://u:p%40ss%20word@127.0.0.1:1/d",
    "postgresql://u@127.0.0.1:1/d?password=p%40ss%20word",
    "postgresql://u@127.0.0.1:1/d?sslpassword=p%40ss%20word",
])  # fmt: skip
def test_a_password_is_masked_as_it_is_and_as_an_address_has_it(address):
    shown = without_secrets(f"FATAL: {' or '.join(WORDS)} is wrong", make_url(address))
    assert shown == "FATAL: *** or *** or *** is wrong"


@pytest.mark.parametrize("address", [
    "postgresql://u:s3cret@127.0.0.1:1/d", "postgresql://u@127.0.0.1:1/d?password=s3cret",
    "postgresql://u@127.0.0.1:1/d?s3cret=1&password=s3cret", "mysql://u:s3cret@h/d", "s3cret",
])  # fmt: skip
def test_an_address_that_does_not_work_is_not_repeated(address):
    with pytest.raises(InputError) as caught:
        outputs.check_postgis(outputs.Database(address))
    assert "s3cret" not in str(caught.value)
