"""Field types: one class for each type, which alone converts between stored value, typed text and cell."""
