"""The encrypted SQLite database: connection, key, lock, migrations, views."""
