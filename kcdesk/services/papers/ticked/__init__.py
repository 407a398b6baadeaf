"""Sheets ticked by hand: recognised by their code, read from a picture, taken in as proposals."""

from kcdesk.later import import_later

import_later(__name__)
