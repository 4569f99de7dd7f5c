"""Hostile layers, written by code: what each would read or call if its driver were let loose."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

SECRET = "SECRET-ROW"


@contextmanager
def canary_server() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine: its address, and the paths that were asked of it."""
    calls: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_POST = do_HEAD = do_GET  # noqa: N815 - names that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def vrt(secret: Path) -> str:
    """A VRT document whose only layer is another file of the server."""
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="{secret.stem}">'
        f"<SrcDataSource>{secret}</SrcDataSource><GeometryType>wkbPoint</GeometryType>"
        '<GeometryField encoding="PointFromColumns" x="easting" y="northing"/>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


def documents(secret: Path, address: str) -> dict[str, str]:
    """Text of documents that GDAL opens whatever their file is called."""
    quoted = vrt(secret).replace('"', "'")
    command = f"gdal vector pipeline ! read {secret} ! write streamed_dataset --format stream"
    about = {"links": [{"rel": "data", "href": f"{address}/oapif"}], "title": "x"}
    return {
        "vrt": vrt(secret),
        "vrt after blanks": f"\n  {vrt(secret)}",
        "vrt within json": f'{{"type": "FeatureCollection", "note": "{quoted}", "features": []}}',
        "gdalg": json.dumps({"type": "gdal_streamed_alg", "command_line": command}),
        "wfs": f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>",
        "oapif": json.dumps(about),
        "csw": f"<OGRCSWDataSource><URL>{address}/csw</URL></OGRCSWDataSource>",
        "postgres": "PG:host=127.0.0.1 dbname=x",
        "address": f"{address}/plain.geojson",
    }


def linked(crs: str) -> str:
    """A GeoJSON point with a text for its coordinate system."""
    point = '{"type": "Point", "coordinates": [-0.7, 52.6]}'
    feature = f'{{"type": "Feature", "properties": {{"name": "a"}}, "geometry": {point}}}'
    return f'{{"type": "FeatureCollection", {crs}, "features": [{feature}]}}'
