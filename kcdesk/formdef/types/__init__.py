"""Field types: one class each, the only converter between stored value, typed text and cell."""
