"""Dialogs from program start to the open window: wizard, unlock, restore, store trouble, crash."""

from kcdesk.later import import_later

import_later(__name__)
