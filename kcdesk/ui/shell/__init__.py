"""What every page receives: context, messages, worker, and the `Page` base class."""
