"""Publishing: the reading views of a store, as tables of PostgreSQL or Parquet files for many who ask together."""

from kcdesk.later import import_later

import_later(__name__)
