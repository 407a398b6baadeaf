"""The register of beneficiaries: duplicates that are merged, and changes that are kept with their days."""
