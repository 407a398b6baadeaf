"""The rights of a person: find, print, restrict and erase what the store holds about somebody."""
