"""The rights of a person: find, print, restrict and erase what the store holds about somebody."""

from kcdesk.later import import_later

import_later(__name__)
