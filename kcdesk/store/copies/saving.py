"""A copy of the open store: made, proved and thinned in one go."""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import KnownError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.store.copies import kept_copies, proof, thinning
from kcdesk.store.copies.policy import backup_policy
from kcdesk.store.database import migrations
from kcdesk.store.database.db import Connection
from kcdesk.store.safety import backup


def save_copy(
    store: Path,
    secret: bytes | None,
    reason: str,
    copies: Path | None = None,
    progress: Progress = ignore_progress,
) -> Path:
    """Copy the store into `copies` (its own `backups/` unless given); returns the new folder.

    A small copy is proved at once. One that is not whole is set apart under another name and removes no other.
    KnownError `bad_backup`, `copies_in_use`, or if the disk refuses.
    """
    copies = copies or store / backup.FOLDER
    with kept_copies.alone(copies):
        made = kept_copies.write_copy(store, secret, copies, reason, progress)
        if kept_copies.size_of(made) <= backup_policy().at_once_bytes:
            prove_new(made, secret, store)
        thinning.thin(copies)
    return made


def prove_new(made: Path, secret: bytes | None, store: Path) -> kept_copies.Copy:
    """Prove a new copy; KnownError `bad_backup` for a copy that is not whole, which is then set apart."""
    proved = proof.prove(made, secret, store)
    if proved.problem:
        apart = kept_copies.set_apart(made)
        thinning.thin_apart(apart.parent)
        raise KnownError(
            f"Bản sao lưu vừa ghi có chỗ hỏng, có thể vì kho bị hỏng; bản ấy được giữ riêng ở «{apart.name}», các bản"
            " sao lưu trước vẫn còn nguyên.",
            code="bad_backup",
            hint="Hãy bấm «Kiểm tra kho» trong «Cài đặt»; nếu kho hỏng, hãy khôi phục từ bản sao lưu mở được mới nhất.",
        )
    return proved


def unfold_here(folder: Path) -> None:
    """Make a copy that shall be opened where it lies a whole store; do nothing for any other folder."""
    if kept_copies.is_copy(folder):
        kept_copies.unfold(folder, folder)


def bring_up_to_date(connection: Connection, secret: bytes | None) -> None:
    """Migrate a database after a backup, then set the pragmas, which write. UserError `newer_store`."""
    if migrations.pending(connection):
        save_copy(connection.path.parent, secret, "migration")
        migrations.apply(connection)
    connection.configure()
