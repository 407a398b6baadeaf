"""The encrypted SQLite file: connection, key, lock, migrations, views."""
