"""From the start to the open window: wizard, unlock, restore, trouble, crash."""
