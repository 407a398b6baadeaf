"""Read and change any record, whatever its kind."""

from kcdesk.later import import_later

import_later(__name__)
