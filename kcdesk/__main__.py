"""`python -m kcdesk` and the `kcdesk` command."""

import sys
from multiprocessing import freeze_support

from kcdesk.cli.program import main

if __name__ == "__main__":
    freeze_support()  # a helper process of the frozen program starts here too
    sys.exit(main())
