"""Files of the recovery key: offer and consent as signed pages, the request and the answer of a lost store."""
