"""Lists of what may be typed, below the text that is being typed."""
