"""The sheets of a package and of other workbooks."""
