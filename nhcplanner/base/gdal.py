"""GDAL with few drivers and no network, for untrusted files.

GDAL chooses a driver by a file's content, not by its name. Some drivers (VRT, GDALG, WFS, OAPIF,
HTTP and others) open further files or addresses named in the file, so an uploaded layer could read
any file of the server. Source: https://gdal.org/user/security.html
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

VECTOR_DRIVERS = frozenset({"GPKG", "GeoJSON", "ESRIJSON", "ESRI Shapefile", "FlatGeobuf"})
"""Drivers for the formats of users' layers."""
WRITE_DRIVERS = frozenset({"LIBKML"})
"""Further drivers that the exports need."""

_NOWHERE = "127.0.0.1:9"
ENVIRONMENT: Mapping[str, str] = {
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTPS_PROXY": _NOWHERE,
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "PROJ_NETWORK": "OFF",
}
"""Variables that keep GDAL and PROJ off the network, set before GDAL starts.

Every address goes to a port of this machine where nothing listens (discard, RFC 863)."""


def restrict_drivers(wanted: Collection[str] = VECTOR_DRIVERS) -> None:
    """Unregister all other GDAL drivers of this process, and block GDAL's network access.

    Parameters
    ----------
    wanted
        Short names of the drivers to keep.

    Raises
    ------
    RuntimeError
        If another driver is still registered afterwards.
    """
    import pyogrio  # noqa: PLC0415 - slow to import, and only reading layers needs it
    from pyogrio import core  # noqa: PLC0415

    others = sorted(name for name in pyogrio.list_drivers() if name not in wanted)
    if not others:
        return
    pyogrio.set_gdal_config_options({**ENVIRONMENT, "GDAL_SKIP": ",".join(others)})
    core._register_drivers()  # noqa: SLF001 - GDALAllRegister, which drops what GDAL_SKIP names
    left = sorted(name for name in pyogrio.list_drivers() if name not in wanted)
    if left:
        raise RuntimeError(f"GDAL keeps drivers that are not wanted: {', '.join(left)}")
