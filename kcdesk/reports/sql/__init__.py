"""The queries of reports: conditions, expressions and keys as SQL, and what databases write differently."""

from kcdesk.later import import_later

import_later(__name__)
