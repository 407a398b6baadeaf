"""A workspace as it would be with other rules, without installing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.law import store_register
from kcdesk.services.rulebook import installed
from kcdesk.services.workspace import Workspace
from kcdesk.temporary import private_files


@contextmanager
def workspace_with(workspace: Workspace, files: Mapping[str, str]) -> Iterator[Workspace]:
    """The workspace with the files over the rules in force, for the `with` block; the store is the same.

    What the office itself has entered and compared in the register of law holds there too. FormsError if the rules
    cannot be loaded.
    """
    taken_in = installed.updates(workspace.store.folder)
    with private_files.folder() as place:
        target = place / "forms"
        installed.put_together(target, taken_in, {name: content.encode() for name, content in files.items()})
        yield replace(workspace, forms=store_register.with_register(workspace, load(target)))
