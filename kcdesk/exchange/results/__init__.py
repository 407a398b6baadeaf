"""What is written about a workbook that came back."""
