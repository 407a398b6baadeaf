"""Widgets and styles that do not depend on records."""

from kcdesk.later import import_later

import_later(__name__)
