"""Commands for papers: Word files of the office in place of our layouts."""
