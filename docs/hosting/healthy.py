"""Health check of the container: exit code 0 if the app answers."""

import os
import sys
from urllib.request import urlopen

path = os.environ.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
address = "/".join(part for part in ("http://localhost:8501", path, "_stcore/health") if part)
try:
    with urlopen(address, timeout=4):  # noqa: S310 - an address of this machine
        sys.exit(0)
except OSError as error:
    sys.exit(f"the app does not answer: {error}")
