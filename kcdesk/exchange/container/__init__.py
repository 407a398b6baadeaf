"""The file of a package: safe zip, parts, manifest, signatures, encryption."""
