"""Read and change any record, whatever its kind."""
