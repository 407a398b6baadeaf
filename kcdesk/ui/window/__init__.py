"""The main window around the pages; it imports no page."""
