"""Summaries: reports as running text, whose sentences are data and whose figures are those of the reports."""

from kcdesk.later import import_later

import_later(__name__)
