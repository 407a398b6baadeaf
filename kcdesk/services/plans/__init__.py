"""The year plan: filled, ranked, cut, decided, printed as Mẫu 2."""
