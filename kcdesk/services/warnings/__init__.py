"""Early warnings: which running proposals will probably have to return money, and why."""

from kcdesk.later import import_later

import_later(__name__)
