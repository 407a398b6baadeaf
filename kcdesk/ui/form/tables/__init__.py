"""What gives a wide table its room: widths, the frozen first column, the folded contents, the whole window."""
