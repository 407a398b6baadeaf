"""Packages: workbooks that carry records between stores; writing, signing, verifying, locking. No Qt."""
