"""Publishing: the reading views of a store, as tables of PostgreSQL or Parquet files for many who ask together."""
