"""Rules typed in the window: forms, and the preview of what would be signed."""

from kcdesk.later import import_later

import_later(__name__)
