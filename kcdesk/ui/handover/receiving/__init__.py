"""A file that comes in: opened, previewed, compared, taken in."""
