"""Lists and the dossier page."""
