"""Commands for records that are too many for one module: lists, views, tables."""
