"""What the form view needs from the rest of the program, implemented with the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.errors import KcdeskError
from kcdesk.formdef.places import Places
from kcdesk.formdef.regulations import phrases
from kcdesk.services.attachments import content, photos
from kcdesk.services.phrases import offering, own_phrases
from kcdesk.services.proposals import duplicate_beneficiaries, territory
from kcdesk.services.records import changing, permissions, reading
from kcdesk.services.rules import ceilings, support_limits
from kcdesk.services.staff import own_details
from kcdesk.services.visits import failed_photos
from kcdesk.ui.shell.context import Context

if TYPE_CHECKING:
    from kcdesk.formdef.record import Record
    from kcdesk.services.attachments.photos import Intake
    from kcdesk.services.records.changing import Changes
    from kcdesk.services.workspace import ClosedFields, TableOffer
    from kcdesk.ui.shell.worker import Job

_OFFICERS = "staff"
PICTURES = "Ảnh (*.jpg *.jpeg *.png *.webp *.bmp *.gif *.tif *.tiff *.heic *.heif);;Mọi tệp (*)"


class ServiceHost:
    """Connects the form view with other records, places and files.

    The page provides `open_record`, `explain`, which says of a path why a number stands there, and `show_file`.
    """

    def __init__(
        self,
        context: Context,
        open_record: Callable[[str], None],
        explain: Callable[[str], None],
        show_file: Callable[[Context, dict[str, Any]], None],
    ) -> None:
        self._context, self._show_file = context, show_file
        self.intakes: dict[str, Callable[[Sequence[Path]], None]] = {}  # by field of files: who shows what is added
        self.open_record = open_record
        self.explain = explain

    def search_records(self, kind: str, text: str, limit: int, where: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Return records of a kind that contain `text`: (id, title, detail that tells equal titles apart)."""
        rows = reading.list_page(self._context.workspace, kind, search=text, where=where, limit=limit)
        return [(row.id, row.title, _detail(row)) for row in rows]

    def title_of(self, id_: str) -> str:
        """Return the title of another record."""
        return reading.title_of(self._context.workspace, id_)

    def row_names(self, record_id: str, table: str) -> list[str]:
        """Return the names of the rows of a table of another record."""
        return reading.row_names(self._context.workspace, record_id, table)

    def create_record(self, kind: str, text: str) -> str | None:
        """Create a draft of that kind titled `text`; None when it was refused."""
        workspace = self._context.workspace
        form = workspace.forms.current(kind)

        def add() -> Changes:
            if kind == _OFFICERS:
                return own_details.add_officer(workspace, text)
            return changing.add(workspace, kind, {form.title[0]: text})

        changes = self._context.act(add)
        return changes.items[0].id if changes else None

    def proposed_name(self, kind: str) -> str:
        """Return whom a new record may be about before anything is typed: this officer, while nobody lists him."""
        return own_details.unlisted_officer(self._context.workspace) if kind == _OFFICERS else ""

    def places(self) -> Places:
        """Return the catalogue of administrative units."""
        return self._context.workspace.places

    def province(self) -> str:
        """Return the code of the province of this office."""
        return self._context.workspace.identity.unit.province

    def choose_files(self) -> list[Path]:
        """Let the officer choose files to attach."""
        return self._context.messages.open_files("Chọn tệp đính kèm", "Mọi tệp (*)", purpose="attachments")

    def add_file(self, path: Path) -> dict[str, Any]:
        """Store a file; {} when it was refused, with the reason shown. Tell what another program must not open."""
        workspace, messages = self._context.workspace, self._context.messages
        file = messages.guarded(lambda: changing.add_file(workspace, path))
        if file is not None and (warning := content.warning_of(workspace, file)):
            messages.problem(warning)
        return file or {}

    def shows_first(self, field: str, paths: Sequence[Path]) -> bool:
        """Hand files to who shows them before they are kept, if the field has such a one; return whether it has."""
        intake = self.intakes.get(field) if paths else None
        if intake is not None:
            intake(paths)
        return intake is not None

    def choose_photos(self) -> list[Path]:
        """Let the officer choose pictures."""
        return self._context.messages.open_files("Chọn ảnh", PICTURES, purpose="photos")

    def choose_photo_folder(self) -> Path | None:
        """Let the officer choose a folder, or a card, with pictures."""
        return self._context.messages.choose_folder("Chọn thư mục ảnh, thẻ nhớ", purpose="photos")

    def add_photos(
        self, record_id: str, field: str, sources: Sequence[Path | bytes], item: str, done: Callable[[Intake], None]
    ) -> Job | None:
        """Import pictures into a field of a record in the background; additions are announced like every change."""
        context = self._context
        try:
            take = photos.prepare_photos(context.workspace, record_id, field, sources)
        except KcdeskError as error:
            context.messages.error(error)
            return None

        def show(batch: photos.PhotoBatch) -> None:
            try:
                intake = photos.finish(context.workspace, record_id, field, batch, item)
            except KcdeskError as error:
                context.messages.error(error)
                return
            if intake.added:
                context.announce(intake.changes)
                context.messages.notice(f"Đã thêm {intake.added} ảnh.")
            done(intake)

        return context.worker.run(take, text="Đang thêm ảnh", done=show, failed=context.messages.error, owner=None)

    def read_file(self, file: dict[str, Any]) -> bytes:
        """Return the content of an attached file, empty when it is not in this store."""
        return content.content(self._context.workspace, file)

    def open_file(self, file: dict[str, Any]) -> None:
        """Show an attachment inside the program."""
        self._show_file(self._context, file)

    def table_offer(self, kind: str, table: str) -> TableOffer | None:
        """Return what can be filled into a table by a button; None for nothing."""
        return self._context.workspace.extensions.table_offers.get((kind, table))

    def fill_table(self, record: Record, table: str) -> tuple[dict[str, Any], str]:
        """Fill a table in the record; return all changed paths and a sentence about them."""
        return self._context.workspace.extensions.table_offers[record.kind, table].fill(self._context.workspace, record)

    def column_widths(self, table: str) -> dict[str, int]:
        """Return the widths in pixels that the officer has set in a table, by column name."""
        kept = self._context.settings.table_columns.get(table, "").split()
        pairs = (width.partition("=") for width in kept)
        return {name: int(pixels) for name, _, pixels in pairs if pixels.isdigit()}

    def keep_widths(self, table: str, widths: dict[str, int]) -> None:
        """Keep such widths for the next time."""
        self._context.settings.table_columns[table] = " ".join(f"{name}={width}" for name, width in widths.items())

    def hint(self, kind: str, record_id: str, path: str, value: object) -> str:
        """Return a note beside a field while it is typed: «Đã có … cùng mã số thuế», «Tối đa … vì …»."""
        workspace = self._context.workspace
        if kind == "proposal":
            return ceilings.hint(workspace, record_id, path, value)
        if kind == "beneficiary" and path in (territory.TERRITORY, *territory.PLACES):
            return territory.sentence_about(workspace, workspace.store.record(record_id))
        return duplicate_beneficiaries.hint(workspace, record_id, path, value) if kind == "beneficiary" else ""

    def sentences(self, record: Record, path: str) -> list[str]:
        """Return the sentences that are usual at a path; [] for a field that offers none."""
        return offering.offered(self._context.workspace, record, path)

    def unphotographed(self, record: Record) -> list[str]:
        """Return the paths of the failed checklist items that need a photo and have none."""
        return failed_photos.waiting(self._context.workspace, record)

    def forget_sentence(self, record: Record, path: str, sentence: str) -> None:
        """Offer a sentence no longer in the field at a path."""
        workspace, name = self._context.workspace, phrases.field_name(record.kind, path)
        self._context.messages.guarded(lambda: own_phrases.forget_phrase(workspace, name, sentence))

    def closed_fields(self, record: Record) -> ClosedFields:
        """Return what is not to be typed into the record in its present state, with the reasons."""
        return permissions.closed_fields(self._context.workspace, record)

    def excess(self, _kind: str, record_id: str, path: str, value: object) -> str:
        """Return what an amount exceeds while it is typed: «Duyệt …, đề nghị …: hơn …»."""
        return support_limits.excess_text(self._context.workspace, record_id, path, value)


def _detail(row: reading.ListRow) -> str:
    return " · ".join(text for text in (row.former, *list(row.cells.values())[1:4]) if text)
