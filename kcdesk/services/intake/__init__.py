"""Takes in what other programs have made: spreadsheets of any layout, judged against the store, applied as one act."""

from kcdesk.later import import_later

import_later(__name__)
