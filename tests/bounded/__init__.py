"""The limits of readers and the worker process."""
