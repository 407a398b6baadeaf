"""Reads a spreadsheet of any common format into sheets of cells, within bounds; not what the cells mean."""

from kcdesk.later import import_later

import_later(__name__)
