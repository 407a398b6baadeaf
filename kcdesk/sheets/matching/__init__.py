"""Matches the columns of a foreign sheet to fields, by `forms/sheets.toml`, and reads its rows by the match."""

from kcdesk.later import import_later

import_later(__name__)
