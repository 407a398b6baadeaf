"""What a number is made of: trees of parts, and numbers that carry their tree."""
