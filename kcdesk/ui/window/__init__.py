"""The main window around the pages; it knows no page."""
