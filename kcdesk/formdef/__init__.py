"""Forms as data: the model, the field types, the strict loader, the rules and the record. No Qt, no SQL."""

from kcdesk.later import import_later

import_later(__name__)
