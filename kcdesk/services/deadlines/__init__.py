"""What is due when, and its sheets and calendar files."""

from kcdesk.later import import_later

import_later(__name__)
