"""What a number is made of: trees of parts, and numbers that carry their tree."""

from kcdesk.later import import_later

import_later(__name__)
