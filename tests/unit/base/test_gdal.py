"""GDAL keeps no driver that is not wanted; tried in a process of its own, whose drivers go."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nhcplanner.base.gdal import VECTOR_DRIVERS

pytestmark = pytest.mark.unit
ASK = """
import pyogrio
from nhcplanner.base.gdal import restrict_drivers
assert {"OGR_VRT", "WFS", "CSV"} <= set(pyogrio.list_drivers())
restrict_drivers()
restrict_drivers()
print(*sorted(pyogrio.list_drivers()), sep=",")
print(pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY"))
"""


def test_drivers_that_are_not_wanted_are_gone_and_addresses_lead_nowhere():
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    drivers, proxy = done.stdout.split()[0:-1], done.stdout.split()[-1]
    assert set(" ".join(drivers).split(",")) == VECTOR_DRIVERS
    assert proxy == "127.0.0.1:9"
