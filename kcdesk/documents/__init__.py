"""Papers: neutral blocks and their PDF, page furniture of Nghị định 30/2020. No Qt, no SQL."""
