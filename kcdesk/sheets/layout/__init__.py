"""Finds the tables of a foreign sheet: headings, rows that are records, and rows that are none, with a word why."""

from kcdesk.later import import_later

import_later(__name__)
