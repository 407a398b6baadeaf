"""Matches the columns of a foreign sheet to fields, by the words of `forms/sheets.toml`, and reads its rows by the match."""
