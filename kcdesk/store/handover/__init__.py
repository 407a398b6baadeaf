"""What comes from other stores: merging, packages, partners, vouchers."""
