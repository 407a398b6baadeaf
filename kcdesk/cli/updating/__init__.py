"""Commands of the program's own versions."""
