"""The copies of one open store, for whatever thread asks: nothing here uses the connection of the store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk.progress import Progress, ignore_progress
from kcdesk.store.copies import kept_copies, proof, saving, thinning
from kcdesk.store.copies.policy import backup_policy
from kcdesk.store.database.db import translated
from kcdesk.store.safety import backup

if TYPE_CHECKING:
    from kcdesk.store.copies.kept_copies import Copy

_VIEW = f"view{backup.PART}"  # where a copy is unfolded to be looked at; swept when the store is opened


class StoreCopies:
    """Makes, lists and proves the copies of the store in `folder`, which `secret` opens."""

    def __init__(self, folder: Path, secret: bytes | None) -> None:
        self._folder, self._secret = folder, secret
        self.place = folder / backup.FOLDER

    def save(self, reason: str, copies: Path | None = None, progress: Progress = ignore_progress) -> Path:
        """Copy the store into a folder of copies, its own or that of a stick; errors as for `saving.save_copy`."""
        return saving.save_copy(self._folder, self._secret, reason, copies, progress)

    def listed(self) -> list[Copy]:
        """The copies beside the store, newest first."""
        return kept_copies.listed_copies(self.place)

    def prove(self, copy: Path) -> Copy:
        """Open, check and count a copy with the key of the store, and keep the result beside it; errors as `prove`."""
        with kept_copies.alone(self.place):
            return proof.prove(copy, self._secret, self._folder)

    def prove_pending(self, newest: Copy) -> Copy:
        """Prove the newest copy of a large store, and set it apart if it is not whole (KnownError `bad_backup`)."""
        with kept_copies.alone(self.place):
            return saving.prove_new(newest.folder, self._secret, self._folder)

    def is_large(self, copy: Copy) -> bool:
        """Whether a copy is too large to be proved while somebody waits."""
        return copy.size > backup_policy().at_once_bytes

    def are_behind(self) -> bool:
        """Whether something may have been written since the newest copy was made."""
        return self.are_behind_in(self.place)

    def are_behind_in(self, copies: Path) -> bool:
        """The same for another folder of copies."""
        return kept_copies.are_behind(self._folder, copies)

    def drop_if_same(self, copy: Path) -> bool:
        """Remove a new copy that holds the very pages of the copy before; returns whether it is gone."""
        others = [other.folder for other in self.listed() if other.folder != copy]
        if not others or not kept_copies.holds_same(copy, others[0]):
            return False
        return bool(thinning.remove_copies([copy]))

    @contextmanager
    def unfolded(self, copy: Path) -> Iterator[Path]:
        """A folder with the databases of a copy, removed afterwards."""
        place = self.place / _VIEW
        with translated():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o700, parents=True)
        try:
            proof.unfold_or_copy(copy, place)
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
