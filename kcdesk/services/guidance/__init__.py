"""Help for the officer: pages of the handbook, and what the definitions say of a field."""

from kcdesk.later import import_later

import_later(__name__)
