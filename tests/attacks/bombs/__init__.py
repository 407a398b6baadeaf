"""Files that are small to send and would take all time or memory to read, each at the door through which it comes."""
