"""Electronic invoices that come into a dossier: chosen or dropped, shown, taken in row by row."""
