"""An older record is warned by what its newest form compares; so is a row that is pasted, before it is a record."""

from datetime import date

from kcdesk.services.lifecycle import missing
from kcdesk.services.records import changing, pasted_records
from tests.services.samples import beneficiary

LOST = "có thể là số định danh 001085012349"
TABLE = """Tên đơn vị\tLoại hình\tMã số thuế
Cơ sở mẫu A\tHộ kinh doanh\t1085012349
Công ty mẫu B\tCông ty TNHH\t0101243150
"""


def _told(workspace, id_):
    outlook = missing.outlook_of(workspace, workspace.store.record(id_))
    return [problem.message for problem in (*outlook.advice, *outlook.differences)]


def test_a_record_of_an_earlier_version_is_warned_too(workspace):
    workspace.today = lambda: date(2026, 10, 31)
    id_ = beneficiary(workspace, legal_form="household_business", tax_code="1085012349")
    assert workspace.store.record(id_).form.version == 1
    assert not any(LOST in sentence for sentence in _told(workspace, id_))
    workspace.today = lambda: date(2026, 11, 1)
    assert any(LOST in sentence for sentence in _told(workspace, id_))
    changing.set_values(workspace, id_, {"tax_code": "001085012349"})
    assert not any("số định danh" in sentence for sentence in _told(workspace, id_))


def test_a_pasted_row_is_read_and_its_doubtful_code_is_told(workspace):
    workspace.today = lambda: date(2026, 11, 1)
    table = pasted_records.from_text(workspace, "beneficiary", TABLE)
    assert table.problems == []
    (caution,) = [entry for entry in table.cautions if LOST in entry]
    assert caution.startswith("Dòng 2: ")
    assert not [entry for entry in table.cautions if entry.startswith("Dòng 3")]
    assert len(pasted_records.write_all(workspace, table).items) == 2
