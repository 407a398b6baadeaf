"""What a list page asks in dialogs and menus of its own: conditions, groups, views, steps, pasted rows."""

from kcdesk.later import import_later

import_later(__name__)
