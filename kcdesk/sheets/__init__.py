"""Spreadsheets that other people have made: how they are read and laid out, and what their cells mean."""

from kcdesk.later import import_later

import_later(__name__)
