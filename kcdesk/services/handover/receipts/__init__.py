"""Receipts: answers to received packages, and the hand-over state of every dossier."""

from kcdesk.later import import_later

import_later(__name__)
