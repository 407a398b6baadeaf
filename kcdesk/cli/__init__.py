"""The command line: commands, their arguments, their output as text and JSON."""
