"""Photos of a dossier: taken in from files, folders, cards and the clipboard, and found again in other dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

if TYPE_CHECKING:
    from kcdesk.store.files import Files

Source = Path | bytes  # a file or a folder; what the clipboard holds
File = dict[str, Any]

_SUFFIXES = frozenset((".jpg", ".jpeg", ".jpe", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".heif"))
_NEARLY = 4  # of 64 bits: a copy that was compressed or scaled again differs in no more
_FACTS = ("original_sha256", "look", "taken_at", "latitude", "longitude")

_PHOTOS = """
SELECT record.id, file.value ->> '$.sha256' AS sha256, file.value ->> '$.original_sha256' AS original_sha256,
  file.value ->> '$.look' AS look
FROM record, json_each(record.data, '$.{field}') AS file
WHERE record.kind = '{kind}' AND record.deleted IS NULL AND record.id <> :id AND file.value ->> '$.mime' LIKE 'image/%'
"""


class Refusal(NamedTuple):
    """A file that was not taken in, and why."""

    name: str
    sentence: str


class Double(NamedTuple):
    """A photo that another dossier shows as well."""

    name: str
    title: str  # of the other dossier
    id: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Photos that lie in the store and that no dossier shows yet."""

    files: tuple[File, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """What was taken in, what was not, and what other dossiers show already."""

    changes: Changes
    added: int
    refused: tuple[Refusal, ...]
    doubles: tuple[Double, ...]


def take_in(workspace: Workspace, record_id: str, field: str, sources: Sequence[Source], progress: Progress) -> Intake:
    """Add photos to a field of files, each upright, shrunk and without its metadata; one act for all of them.

    UserError when the field cannot be changed; KnownError when the disk does not even take the list of the photos.
    """
    return finish(workspace, record_id, field, prepare(workspace, record_id, field, sources)(progress))


def prepare(workspace: Workspace, record_id: str, field: str, sources: Sequence[Source]) -> Callable[[Progress], Batch]:
    """The long part, for another thread: it writes through a connection of its own.

    What `progress` raises ends it: the dossier stays as it was. A disk that is full ends it too; the photos that went
    in before are in the batch, the others are refused.
    """
    _refuse_unless_editable(workspace, record_id, field)
    present = _photos_of(workspace, record_id, field)
    known = {file[name] for file in present for name in ("sha256", "original_sha256") if name in file}

    def run(progress: Progress) -> Batch:
        with workspace.store.reader() as reader:
            return _take(reader.files, known, sources, progress)

    return run


def finish(workspace: Workspace, record_id: str, field: str, batch: Batch, item: str = "") -> Intake:
    """Show a batch in the dossier, in the thread of the store.

    `item` is the row that the photos show: `machines/<row id>`, `checklist/<row id>`.
    """
    if not batch.files:
        return Intake(Changes("Thêm ảnh"), 0, batch.refused, ())
    present = _photos_of(workspace, record_id, field)
    last = max((file.get("order", 0) for file in present), default=0)
    shows = {"item": item} if item else {}
    added = [file | {"order": order} | shows for order, file in enumerate(batch.files, start=last + 1)]
    changes = changing.save(workspace, record_id, {field: [*present, *added]}, f"Thêm {len(added)} ảnh").changes
    return Intake(changes, len(added), batch.refused, tuple(_doubles(workspace, record_id, added)))


def doubles(workspace: Workspace, record_id: str, field: str) -> list[Double]:
    """The photos of a dossier that other dossiers show too: the same file, or a picture that looks nearly the same."""
    return list(_doubles(workspace, record_id, _photos_of(workspace, record_id, field)))


def _refuse_unless_editable(workspace: Workspace, record_id: str, field: str) -> None:
    """Before the long part, not after it."""
    record = workspace.store.record(record_id)
    workflow = workspace.forms.workflow(record.kind)
    if not record.is_editable(field, workflow, workspace.identity.unit.level):
        state = workflow.state(record.state).label
        raise UserError(
            f"«{record.title()}» đang ở trạng thái «{state}» nên không thêm ảnh được.",
            code="locked",
            hint="Muốn thêm, hãy chọn «Sửa thành bản mới».",
            field=field,
        )


def _photos_of(workspace: Workspace, record_id: str, field: str) -> list[File]:
    return list(workspace.store.record(record_id).value(field) or [])


# -- taking in ---------------------------------------------------------------------------------------------------


def _take(files: Files, known: set[str], sources: Sequence[Source], progress: Progress) -> Batch:
    kept: list[File] = []
    refused: list[Refusal] = []
    found = list(_spread(sources))
    for number, (name, source) in enumerate(found):
        progress(number, len(found))
        try:
            kept.append(_keep(files, known, name, source))
        except UserError as error:
            refused.append(Refusal(name, error.sentence()))
        except KnownError as error:  # the disk of the store: the next photo would fare no better
            refused += [Refusal(name, error.sentence()) for name, _ in found[number:]]
            break
    progress(len(found), len(found))
    return Batch(tuple(kept), tuple(refused))


def _keep(files: Files, known: set[str], name: str, source: Source) -> File:
    """Keep one photo; what `known` holds already is refused."""
    from kcdesk.services.attachments import images  # Pillow takes 60 ms

    if isinstance(source, Path) and source.is_dir():
        raise UserError("Thư mục không có ảnh nào.", code="no_photos", hint="Hãy chọn thư mục khác.")
    picture = images.shrink(source)
    if picture.original_sha256 in known:
        raise UserError("Ảnh này đã có trong hồ sơ.", code="photo_known")
    file = files.add(picture.jpeg, f"{Path(name).stem}.jpg")
    known.update((picture.original_sha256, file["sha256"]))
    facts = {fact: value for fact in _FACTS if (value := getattr(picture, fact))}
    return file | {"original_name": name} | facts


def _spread(sources: Sequence[Source]) -> Iterator[tuple[str, Source]]:
    """Every photo by its name; a folder, with the folders in it, gives its pictures in the order of their names."""
    pasted = 0
    for source in sources:
        if isinstance(source, bytes):
            pasted += 1
            yield f"Ảnh dán {pasted}", source
        else:
            yield from ((path.name, path) for path in _pictures(source) or [source])


def _pictures(folder: Path) -> list[Path]:
    try:
        return sorted(filter(_is_picture, folder.rglob("*"))) if folder.is_dir() else []
    except OSError:  # the card was pulled out: asking for the folder itself says so
        return []


def _is_picture(path: Path) -> bool:
    """By its name; hidden files are what other systems keep beside the pictures."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file()


# -- the same photo elsewhere ------------------------------------------------------------------------------------


def _doubles(workspace: Workspace, record_id: str, files: Sequence[File]) -> Iterator[Double]:
    """Each photo once for each other dossier that shows it."""
    others = list(_photos_elsewhere(workspace, record_id)) if files else []
    titles: dict[str, str] = {}
    for file in files:
        for id_ in dict.fromkeys(str(other["id"]) for other in others if _is_same(file, other)):
            titles[id_] = titles.get(id_) or reading.title_of(workspace, id_)
            yield Double(str(file.get("original_name", file["name"])), titles[id_], id_)


def _photos_elsewhere(workspace: Workspace, record_id: str) -> Iterator[File]:
    """The photos of all other living records, in every field of files that a form has."""
    forms = workspace.forms.all
    places = {(form.id, field.name) for form in forms for field in form.fields if type_of(field).holds_files}
    for kind, field in sorted(places):
        yield from workspace.store.query(_PHOTOS.format(kind=kind, field=field), {"id": record_id})


def _is_same(one: File, other: File) -> bool:
    if not _hashes(one).isdisjoint(_hashes(other)):
        return True
    from kcdesk.services.attachments.images import difference  # Pillow takes 60 ms

    one_look, other_look = one.get("look"), other.get("look")
    return bool(one_look and other_look) and difference(str(one_look), str(other_look)) <= _NEARLY


def _hashes(file: File) -> set[str]:
    return {file["sha256"], file.get("original_sha256") or file["sha256"]}
