"""Tables over the records of the programme. No Qt."""
