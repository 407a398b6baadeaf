"""Paper layouts read from `forms/documents`."""
