"""Preview, print and scan papers."""
