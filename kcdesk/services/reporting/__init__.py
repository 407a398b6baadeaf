"""Reports of the open store: which there are, their figures, the records behind a figure."""
