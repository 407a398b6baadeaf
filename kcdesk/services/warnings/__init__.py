"""Early warnings: which running proposals will probably have to return money, and why."""
