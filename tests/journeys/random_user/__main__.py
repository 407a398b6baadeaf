"""Let the random user loose: `python -m tests.journeys.random_user --acts 20000 --level province --seed N`."""

from __future__ import annotations

import sys

from tests.journeys.random_user.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
