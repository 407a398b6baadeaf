"""Electronic invoices: read, their signature verified, compared with a dossier, taken in row by row."""
