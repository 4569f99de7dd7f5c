#!/bin/sh
# Install nhcplanner from this folder with its locked packages; used by the Dockerfile and bare-root.sh.
set -eu
target=$1
python3 -m venv "$target"
"$target/bin/pip" install --quiet --no-cache-dir --require-hashes \
  -r requirements-hosting.txt -r requirements-build.txt
"$target/bin/pip" install --quiet --no-cache-dir --no-deps --no-build-isolation .
"$target/bin/pip" uninstall --quiet --yes hatchling editables
"$target/bin/python" -m compileall -q "$target/lib"
