"""What the cells of a foreign spreadsheet mean, and in which letters they are written."""
