"""The steps of a record's life: what may be done, what stands in the way, what is missing."""
