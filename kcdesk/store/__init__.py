"""SQLite: opening, keys, migrations, records, history, search, files, backup. No Qt."""

from kcdesk.later import import_later

import_later(__name__)
