"""Rules as an office types them, made into the files of rules that the program reads."""
