"""Papers written by an office's own Word file: open it safely, find its placeholders, fill it."""

from kcdesk.later import import_later

import_later(__name__)
