"""The editors of the form view: one for each kind of field, all with the interface of `base.Editor`."""
