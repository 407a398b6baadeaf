"""Papers: blocks independent of the file format, written as PDF or Word in the layout of NĐ 30/2020. No Qt, no SQL."""
