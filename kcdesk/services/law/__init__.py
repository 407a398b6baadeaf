"""Legal texts that the office has, its own instruments, and what its officers compared with them."""

from kcdesk.later import import_later

import_later(__name__)
