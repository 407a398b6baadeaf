"""Making a package, previewing one, taking it in."""
