"""What runs beside the pages of a window."""
