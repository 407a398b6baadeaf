"""Reports: definitions of figures (`forms/reports/`), the queries made from them, and the tables that come out."""
