"""Layouts of papers, read from `forms/documents`."""

from kcdesk.later import import_later

import_later(__name__)
