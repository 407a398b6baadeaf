"""Lists that are handed on mask what a form marks as personal, and the record of a hand-over counts it."""

import shutil
from datetime import date

import pypdfium2
import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.deadlines import icalendar_export, listing, month_sheet
from kcdesk.services.handover.packages import handover_record, receiving
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests.services.samples import new

SPAN = date(2010, 1, 1), date(2030, 12, 31)


@pytest.fixture
def marked(tmp_path):
    """`marked(workspace, file, name)`: the same store, opened anew, under forms with one more personal field."""
    opened = []

    def run(workspace, file, name):
        folder = shutil.copytree(paths.forms(), tmp_path / "forms")
        text = (folder / file).read_text(encoding="utf-8")
        assert f'name = "{name}"\n' in text
        changed = text.replace(f'name = "{name}"\n', f'name = "{name}"\npersonal = true\n', 1)
        (folder / file).write_text(changed, encoding="utf-8")
        workspace.store.close()
        opened.append(Store.open(workspace.store.folder, load(folder)))
        return Workspace(opened[-1], opened[-1].forms, workspace.extensions, workspace.today)

    yield run
    for store in opened:
        store.close()


def calendar(workspace):
    text = icalendar_export.content(workspace, listing.between(workspace, *SPAN)).decode()
    return text.replace("\r\n ", "")


def test_a_title_in_a_calendar_file_or_on_a_month_sheet_is_masked(played, marked):
    workspace, _ = played
    due = next(due for due in listing.between(workspace, *SPAN) if due.kind == "acceptance")
    name = workspace.store.record(due.id).text("site")
    assert name in due.title
    assert name in calendar(workspace)
    assert name in " ".join(line.title for line in month_sheet.lines(workspace, due.day))
    other = marked(workspace, "acceptance.toml", "site")
    assert name in next(one.title for one in listing.between(other, *SPAN) if one.key == due.key)
    assert name not in calendar(other)
    assert name not in " ".join(line.title for line in month_sheet.lines(other, due.day))


def said(pdf):
    with pypdfium2.PdfDocument(pdf) as paper:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).split())


def test_the_record_of_a_hand_over_counts_what_is_personal(offices, pair, tmp_path):
    unit, province = pair
    new(unit, "beneficiary", name="Cơ sở Mẫu", representative="Nguyễn Văn Mẫu", phone="0912345678")
    new(unit, "beneficiary", name="Cơ sở Hai", email="hai@donvi.vn", minority_owned=True)
    path, package = offices.export(unit)
    receiving.receive(province, path)
    for office in pair:
        handover_record.print_handover(office, package, tmp_path / "p.pdf")
        assert "Số mục dữ liệu cá nhân trong gói: 3." in said(tmp_path / "p.pdf")  # what stays at home does not count
    whole, package = offices.export(unit, include_sensitive=True, purpose="Thẩm định tư cách")
    assert whole.exists()
    handover_record.print_handover(unit, package, tmp_path / "p.pdf")
    assert "Số mục dữ liệu cá nhân trong gói: 4." in said(tmp_path / "p.pdf")


def test_a_package_noted_before_the_counting_says_nothing_of_it(offices, pair):
    unit, _province = pair
    new(unit, "beneficiary", name="Cơ sở Mẫu", representative="Nguyễn Văn Mẫu")
    _path, package = offices.export(unit)
    entry = unit.store.packages.get(package)
    older = {name: value for name, value in entry.details.items() if name != "personal"}
    assert handover_record.facts(unit, replace(entry, details=older)).personal == ""
    assert handover_record.facts(unit, entry).personal == "1"
    assert changing.undo(unit)
