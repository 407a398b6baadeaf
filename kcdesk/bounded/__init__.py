"""Reading what strangers give: the limits of every reader, and the process in which a library is bounded."""
