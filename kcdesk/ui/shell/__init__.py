"""What every page is given: context, messages, worker, the `Page` contract."""
