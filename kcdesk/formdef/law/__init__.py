"""The register of legal instruments, and what follows from it for everything that cites one."""

from kcdesk.later import import_later

import_later(__name__)
