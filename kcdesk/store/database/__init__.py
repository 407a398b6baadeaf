"""The encrypted SQLite database: connection, key, lock, migrations, views."""

from kcdesk.later import import_later

import_later(__name__)
