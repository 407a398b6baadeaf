"""Files, pictures and photos kept with a record."""
