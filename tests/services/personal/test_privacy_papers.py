"""The papers of the office on personal data: written for Word, naming what the forms of the office hold."""

import docx

from kcdesk.services.personal import privacy_papers
from tests.services.samples import new


def test_the_papers_name_the_personal_fields_and_the_periods(workspace, tmp_path):
    new(workspace, "collaborator", name="Trần Văn Bình")
    written = privacy_papers.write_papers(workspace, tmp_path)
    assert [path.suffix for path in written] == [".docx", ".docx"]
    assessment, notice = (docx.Document(path) for path in written)
    rows = [[cell.text for cell in row.cells] for table in assessment.tables for row in table.rows]
    assert ["Tài khoản nhận tiền", "1"] in [row[3:5] for row in rows if "Cộng tác viên" in row[1:2][0]]
    assert any("chưa đối chiếu văn bản" in cell for row in rows for cell in row)
    texts = " ".join(paragraph.text for paragraph in notice.paragraphs)
    assert "quyền hỏi" in texts
