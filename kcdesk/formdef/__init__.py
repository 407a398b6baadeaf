"""Forms as data: the model, the field types, the strict loader, rules and the record. No Qt, no SQL."""
