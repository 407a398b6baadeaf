"""Field types: one class for each type, which alone converts between stored value, typed text and cell."""

from kcdesk.later import import_later

import_later(__name__)
