"""The year plan: filled, ranked, cut, decided, printed as Mẫu 2."""

from kcdesk.later import import_later

import_later(__name__)
