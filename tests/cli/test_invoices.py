"""`kcdesk invoice`: a file alone, beside a dossier, taken in; what is refused writes nothing."""

import json

from kcdesk.cli.program import main
from tests.services import samples
from tests.services.invoices import producers
from tests.services.invoices.producers import Signing


def run(capsys, *arguments):
    """Exit code and JSON of a command."""
    code = main(["--json", *map(str, arguments)])
    return code, json.loads(capsys.readouterr().out)


def test_an_invoice_is_read_compared_and_taken_in_by_rows(workspace, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("KCDESK_STORE", str(workspace.store.folder))
    proposal = samples.approved(workspace)
    samples.contract(workspace, proposal, due_on="30/6/2018")
    visit = samples.begin(workspace, proposal, "acceptance")
    workspace.close()
    path = tmp_path / "hd.xml"
    about = producers.sample("spaced", 41)
    path.write_bytes(producers.xml(producers.signed(about, Signing(sha1=True))))
    code, alone = run(capsys, "invoice", path)
    (invoice,) = alone["invoices"]
    assert (code, alone["taken"], invoice["rows"]) == (0, None, [])
    assert invoice["identity"] == {"tax_code": "0101234567", "form": "1", "symbol": "C26TAA", "number": "41"}
    assert (invoice["total"], invoice["signature"]["state"]) == (int(about.before_tax + about.tax), "weak")
    code, beside = run(capsys, "invoice", path, "--into", visit)
    findings = {finding["code"] for finding in beside["invoices"][0]["findings"]}
    assert {"weak_digest", "other_buyer", "after_contract"} <= findings
    before = len(_rows(capsys, visit, "vouchers"))
    code, taken = run(capsys, "invoice", path, "--into", visit, "--take", "voucher")
    assert taken["taken"]["action"].startswith("Lấy 1 dòng từ hóa đơn 1C26TAA-41")
    assert len(_rows(capsys, visit, "vouchers")) == before + 1
    for arguments, refusal in (
        ((path, "--into", visit, "--take", "99"), "unknown_line"),
        ((path, "--take", "all"), "missing_option"),
        ((path, "--into", visit, "--take", "all", "--invoice", "7"), "unknown_invoice"),
        ((tmp_path / "none.xml",), "file_missing"),
    ):
        code, answer = run(capsys, "invoice", *arguments)
        assert (code, answer["error"]["code"]) == (1, refusal)
    assert len(_rows(capsys, visit, "vouchers")) == before + 1
    assert main(["invoice", str(path), "--into", visit]) == 0
    text = capsys.readouterr().out
    assert "Thuật toán yếu: SHA-1" in text
    assert "Chưa ghi gì: thêm --take all" in text


def test_a_step_that_closes_says_what_was_pointed_out(workspace, capsys, monkeypatch):
    monkeypatch.setenv("KCDESK_STORE", str(workspace.store.folder))
    visits = []
    for title in ("Đề án một (mẫu)", "Đề án hai (mẫu)"):
        proposal = samples.approved(workspace, title=title)
        samples.contract(workspace, proposal)
        visits.append(samples.begin(workspace, proposal, "acceptance"))
        rows = workspace.store.record(visits[-1]).rows("machines")
        samples.answer(
            workspace, visits[-1], machines=[rows[0] | {"serial_number": "MAU-8", "quantity": 1, "value": 570_000_000}]
        )
    workspace.close()
    assert main(["move", visits[0], "finalise"]) == 0
    assert "Số máy «MAU-8» đã có ở Nghiệm thu cơ sở" in capsys.readouterr().err


def _rows(capsys, record_id, table):
    return run(capsys, "show", record_id)[1]["data"].get(table, [])
