"""The workbook that is the package: writing, signing, verifying, locking. No Qt."""
