"""Forms as data: the model, the field types, the strict loader, the rules and the record. No Qt, no SQL."""
