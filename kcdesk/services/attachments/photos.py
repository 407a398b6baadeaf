"""Photos of a dossier: added from files, folders, cards and the clipboard, and compared with other dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.attachments import shrinking
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

if TYPE_CHECKING:
    from kcdesk.store.files import Files

PhotoSource = Path | bytes  # a file or a folder; a picture of the clipboard
File = dict[str, Any]

_SUFFIXES = frozenset((".jpg", ".jpeg", ".jpe", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".heif"))
_NEARLY = 4  # of 64 bits: a copy that was compressed or scaled again differs at most in these
_FACTS = ("original_sha256", "look", "taken_at", "latitude", "longitude")

_PHOTOS = """
SELECT record.id, file.value ->> '$.sha256' AS sha256, file.value ->> '$.original_sha256' AS original_sha256,
  file.value ->> '$.look' AS look
FROM record, json_each(record.data, '$.{field}') AS file
WHERE record.kind = '{kind}' AND record.deleted IS NULL AND record.id <> :id AND file.value ->> '$.mime' LIKE 'image/%'
"""


class Refusal(NamedTuple):
    """A file that was not added, and why."""

    name: str
    sentence: str


class DuplicatePhoto(NamedTuple):
    """A photo that another dossier contains too."""

    name: str
    title: str  # of the other dossier
    id: str


class PhotoBatch(Value):
    """Photos that are stored but do not belong to a dossier yet."""

    files: tuple[File, ...]
    refused: tuple[Refusal, ...]


class Intake(Value):
    """The result of adding photos: added ones, refused ones, and those that other dossiers contain too."""

    changes: Changes
    added: int
    refused: tuple[Refusal, ...]
    duplicates: tuple[DuplicatePhoto, ...]


def takes_photos(workspace: Workspace, record_id: str, path: str) -> bool:
    """Whether a field of a record takes only photos."""
    form = workspace.store.record(record_id).form
    return path in form.by_name and form.by_name[path].photos


def add_photos(
    workspace: Workspace, record_id: str, field: str, sources: Sequence[PhotoSource], progress: Progress, item: str = ""
) -> Intake:
    """Add photos to a file field in one act, each upright, shrunk and without metadata.

    `item` is the path of the row that they show. UserError if the field cannot be changed, `no_such_row` for a row that
    the record has not; KnownError if the disk is full even for the list of the photos.
    """
    _refuse_unknown_row(workspace, record_id, item)
    return finish(workspace, record_id, field, prepare_photos(workspace, record_id, field, sources)(progress), item)


def prepare_photos(
    workspace: Workspace, record_id: str, field: str, sources: Sequence[PhotoSource]
) -> Callable[[Progress], PhotoBatch]:
    """Return the long part of adding photos, to be run in another thread; it uses its own database connection.

    An exception of `progress` ends it and leaves the dossier unchanged. A full disk ends it too: photos stored before
    are in the batch, the others are refused.
    """
    _refuse_unless_editable(workspace, record_id, field)
    present = _photos_of(workspace, record_id, field)
    known = {file[name] for file in present for name in ("sha256", "original_sha256") if name in file}

    def run(progress: Progress) -> PhotoBatch:
        with workspace.store.reader() as reader:
            return _add_all(reader.files, known, sources, progress)

    return run


def finish(workspace: Workspace, record_id: str, field: str, batch: PhotoBatch, item: str = "") -> Intake:
    """Add a batch to the dossier, in the thread of the store.

    `item` is the path of the row that the photos show: `machines/<row id>`, `checklist/<row id>`.
    """
    if not batch.files:
        return Intake(Changes("Thêm ảnh"), 0, batch.refused, ())
    present = _photos_of(workspace, record_id, field)
    last = max((file.get("order", 0) for file in present), default=0)
    shows = {"item": item} if item else {}
    added = [file | {"order": order} | shows for order, file in enumerate(batch.files, start=last + 1)]
    changes = changing.save(workspace, record_id, {field: [*present, *added]}, f"Thêm {len(added)} ảnh").changes
    return Intake(changes, len(added), batch.refused, tuple(_duplicates(workspace, record_id, added)))


def duplicates(workspace: Workspace, record_id: str, field: str) -> list[DuplicatePhoto]:
    """List the photos of a dossier that other dossiers contain too: the same file or a similar picture."""
    return list(_duplicates(workspace, record_id, _photos_of(workspace, record_id, field)))


def _refuse_unless_editable(workspace: Workspace, record_id: str, field: str) -> None:
    """Check permission before the long part."""
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


def _refuse_unknown_row(workspace: Workspace, record_id: str, item: str) -> None:
    table, _, row_id = item.partition("/")
    record = workspace.store.record(record_id)
    known = table in record.form.by_name and row_id in [row["id"] for row in record.rows(table)]
    if item and not known:
        raise UserError(
            f"Hồ sơ không có dòng «{item}».", code="no_such_row", hint="Hãy ghi bảng và mã dòng như lệnh show in ra."
        )


def _photos_of(workspace: Workspace, record_id: str, field: str) -> list[File]:
    return list(workspace.store.record(record_id).value(field) or [])


# -- adding ------------------------------------------------------------------------------------------------------


def _add_all(files: Files, known: set[str], sources: Sequence[PhotoSource], progress: Progress) -> PhotoBatch:
    added: list[File] = []
    refused: list[Refusal] = []
    photos = list(_all_photos(sources))
    for number, (name, source) in enumerate(photos):
        progress(number, len(photos))
        try:
            added.append(_add_photo(files, known, name, source))
        except UserError as error:
            refused.append(Refusal(name, error.sentence()))
        except KnownError as error:  # the disk of the store is full: the next photo would fail too
            refused += [Refusal(name, error.sentence()) for name, _ in photos[number:]]
            break
    progress(len(photos), len(photos))
    return PhotoBatch(tuple(added), tuple(refused))


def _add_photo(files: Files, known: set[str], name: str, source: PhotoSource) -> File:
    """Store a photo; UserError if its hash is in `known`."""
    if isinstance(source, Path) and source.is_dir():
        raise UserError("Thư mục không có ảnh nào.", code="no_photos", hint="Hãy chọn thư mục khác.")
    picture = shrinking.shrink(source)
    if picture.original_sha256 in known:
        raise UserError("Ảnh này đã có trong hồ sơ.", code="photo_known")
    file = files.add(picture.jpeg, f"{Path(name).stem}.jpg")
    known.update((picture.original_sha256, file["sha256"]))
    facts = {fact: value for fact in _FACTS if (value := getattr(picture, fact))}
    return file | {"original_name": name} | facts


def _all_photos(sources: Sequence[PhotoSource]) -> Iterator[tuple[str, PhotoSource]]:
    """Yield every photo with its name; of a folder all pictures in it and below, by name."""
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
    except OSError:  # the card was pulled out; reading the folder itself then reports it
        return []


def _is_picture(path: Path) -> bool:
    """Whether the name is that of a picture; hidden files of other systems are not pictures."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file()


# -- the same photo elsewhere ------------------------------------------------------------------------------------


def _duplicates(workspace: Workspace, record_id: str, files: Sequence[File]) -> Iterator[DuplicatePhoto]:
    """Yield each photo once per other dossier that contains it."""
    others = list(_photos_elsewhere(workspace, record_id)) if files else []
    titles: dict[str, str] = {}
    for file in files:
        for id_ in dict.fromkeys(str(other["id"]) for other in others if _is_same(file, other)):
            titles[id_] = titles.get(id_) or reading.title_of(workspace, id_)
            yield DuplicatePhoto(str(file.get("original_name", file["name"])), titles[id_], id_)


def _photos_elsewhere(workspace: Workspace, record_id: str) -> Iterator[File]:
    """The photos of all other records, in every file field of their forms."""
    forms = workspace.forms.all
    places = {(form.id, field.name) for form in forms for field in form.fields if type_of(field).holds_files}
    for kind, field in sorted(places):
        yield from workspace.store.query(_PHOTOS.format(kind=kind, field=field), {"id": record_id})


def _is_same(photo: File, other: File) -> bool:
    if not _hashes(photo).isdisjoint(_hashes(other)):
        return True
    look, other_look = photo.get("look"), other.get("look")
    return bool(look and other_look) and shrinking.difference(str(look), str(other_look)) <= _NEARLY


def _hashes(file: File) -> set[str]:
    return {file["sha256"], file.get("original_sha256") or file["sha256"]}
