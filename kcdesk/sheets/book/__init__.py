"""Reads a spreadsheet of any common format into sheets of cells, within bounds; what the cells mean is asked elsewhere."""
