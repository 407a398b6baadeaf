"""One editor for each type of field."""
