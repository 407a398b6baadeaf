"""`python -m kcdesk` and the `kcdesk` command."""

import sys

from kcdesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
