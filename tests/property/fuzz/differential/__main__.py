"""Run the differential fuzzer: `python -m tests.property.fuzz.differential --help`."""

import sys

from tests.property.fuzz.differential.runs import main

if __name__ == "__main__":
    sys.exit(main())
