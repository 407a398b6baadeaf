"""The history of a dossier: beside it, and as a table to print."""
