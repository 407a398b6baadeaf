"""What keeps words and buttons in sight where there is little room: rows that go on below, labels in more lines."""

from kcdesk.later import import_later

import_later(__name__)
