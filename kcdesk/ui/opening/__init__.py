"""Dialogs from program start to the open window: wizard, unlock, restore, store trouble, crash."""
