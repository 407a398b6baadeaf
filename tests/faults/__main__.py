"""`python -m tests.faults`."""

import sys

from tests.faults.command import main

sys.exit(main())
