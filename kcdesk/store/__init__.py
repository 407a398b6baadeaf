"""SQLite: opening, keys, migrations, records, history, search, files, backup. No Qt."""
