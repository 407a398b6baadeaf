"""A received file: opened, previewed, compared, received into the store."""
