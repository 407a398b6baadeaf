"""Spreadsheets that this program writes for people: templates to fill in, and coloured copies of their own sheets."""

from kcdesk.later import import_later

import_later(__name__)
