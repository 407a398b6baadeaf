"""The desk on which acts are interrupted: a unit and its province, both with passphrases, and a stick with files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kcdesk.exchange.container import signing
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.packages.sending import HandoverOrder
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import key_seal, opening, recovery_key
from kcdesk.services.rulebook import updates
from kcdesk.services.workspace import Workspace
from tests.services import samples

SECRET, NEW_SECRET = "bốn từ dễ nhớ", "năm chữ khác hẳn rồi"
DRAFT, READY = "Đề án đang gõ", "Đề án đã đủ"
ROWS = 30
_STORES = Path(__file__).parents[1] / "data"
_MASKED = re.compile(r"[0-9a-f]{12,}|\d{4}-\d\d-\d\dT[\d:.]+Z?|[0-9a-z]{5,}-[0-9a-z]{3,}(-[0-9a-z]+)*|DA-\d+-\d+")


class Desk(Value):
    """The folders of one try."""

    folder: Path

    @property
    def unit(self) -> Path:
        """The store of the unit."""
        return self.folder / "unit"

    @property
    def province(self) -> Path:
        """The store of the province."""
        return self.folder / "province"

    @property
    def stick(self) -> Path:
        """The stick: what is handed over, copies, files to attach."""
        return self.folder / "stick"

    @property
    def package(self) -> Path:
        """The package that the province receives."""
        return self.stick / "goi.xlsx"

    @property
    def rules(self) -> Path:
        """Signed rules of the province."""
        return self.stick / "quy-dinh.xlsx"

    @property
    def copy(self) -> Path:
        """A copy of the unit's store."""
        return self.stick / "ban-sao"

    @property
    def sent(self) -> Path:
        """The package that the unit writes."""
        return self.stick / "gui.xlsx"

    @property
    def backup(self) -> Path:
        """The copy that the unit makes of its store."""
        return self.stick / "sao-luu"

    @property
    def old(self) -> Path:
        """A store of an earlier version."""
        return self.folder / "old"

    @property
    def fresh(self) -> Path:
        """A folder without a store."""
        return self.folder / "fresh"

    @property
    def offer(self) -> Path:
        """The recovery key of the province."""
        return self.stick / "khoa-tinh.xlsx"

    @property
    def consent(self) -> Path:
        """The unit's consent to it."""
        return self.stick / "dong-y.xlsx"

    @property
    def answer(self) -> Path:
        """What the province answers when the unit's secrets are lost; the code lies in `code`."""
        return self.stick / "tra.json"

    @property
    def code(self) -> Path:
        """The code that the province tells by telephone."""
        return self.folder / "ma.txt"

    @property
    def plain(self) -> Path:
        """A practice store, which is not encrypted."""
        return self.folder / "plain"

    @property
    def program(self) -> Path:
        """The folder of the built program."""
        return self.folder / "program"


@contextmanager
def opened(store: Path, secret: str = SECRET) -> Iterator[Workspace]:
    """The open store, closed at the end whatever happens."""
    workspace = opening.open_workspace(store, secret if opening.needs_passphrase(store) else "")
    try:
        yield workspace
    finally:
        workspace.close()


def title_of(workspace: Workspace, title: str) -> str:
    """The id of the proposal with this title."""
    sql = "SELECT id FROM record WHERE json_extract(data, '$.title') = :title"
    return str(workspace.store.query(sql, {"title": title})[0]["id"])


def state_of(workspace: Workspace) -> tuple[str, ...]:
    """What an officer would find in the store, without ids and moments, which differ from run to run."""
    store = workspace.store
    records = (f"{row['kind']} {row['data']} {bool(row['deleted'])}" for row in store.query("SELECT * FROM record"))
    packages = (
        f"package {entry.direction} {entry.type} {bool(entry.details.get('undone'))}" for entry in store.packages.list()
    )
    partners_ = (f"partner {partner.unit}" for partner in store.partners.list())
    rules = (f"rules {update['note']}" for update in updates.installed_updates(workspace))
    given = recovery_key.given_consent(workspace)
    sealed = (f"key at {given.unit}, sealed {key_seal.can_ask(store.folder)}",) if given else ()
    return tuple(sorted(_MASKED.sub("*", line) for line in (*records, *packages, *partners_, *rules, *sealed)))


def make_desk(folder: Path, lay_out: Callable[[Desk, Workspace], None]) -> Desk:
    """Make the desk that every try copies; `lay_out` adds to it and to the unit's store what will come in."""
    desk = Desk(folder)
    desk.stick.mkdir(parents=True)
    unit = _store(desk.unit, unit="Trung tâm A", code="TT-A", level="lower")
    province = _store(desk.province, unit="Sở Công Thương", code="SCT", level="province")
    _acquaint(desk, unit, province)
    samples.new(unit, "proposal", title=DRAFT)
    samples.proposal(unit, title=READY)
    (desk.stick / "anh.pdf").write_bytes(b"%PDF-1.4\n" + b"x" * 200_000)
    headings = "Tên cơ sở\tĐiện thoại"
    rows = (f"Cơ sở số {number}\t09000000{number:02}" for number in range(ROWS))
    (desk.stick / "danh-sach.tsv").write_text("\n".join((headings, *rows)), encoding="utf-8")
    updates.pack_texts(province, {"norms/lang_son.toml": samples.CEILINGS}, desk.rules, "Mức hỗ trợ mới")
    lay_out(desk, unit)
    _lend(desk, unit, province)
    unit.store.backup(desk.copy)
    sending.make(unit, HandoverOrder(path=desk.package, period="2026-Q1"))
    unit.close()
    province.close()
    shutil.copytree(_STORES / "store-1", desk.old)
    _make_plain(desk.plain)
    return desk


def _lend(desk: Desk, unit: Workspace, province: Workspace) -> None:
    """Let the unit give its key to the province, and that answer as if the unit had lost its secrets."""
    offer = recovery_key.offer(province, desk.offer)
    recovery_key.consent(unit, desk.offer, signing.fingerprint(offer.recovery_key), desk.consent)
    recovery_key.take_consent(province, desk.consent)
    request = desk.stick / "nho-mo.json"
    recovery_key.write_request(desk.unit, request)
    desk.code.write_text(recovery_key.answer(province, request, desk.answer, "Quên mật khẩu"), encoding="utf-8")


def _make_plain(folder: Path) -> None:
    wanted = opening.NewStore(
        unit="Trung tâm tập", code="TAP", level="lower", province="20", officer="Cán bộ tập", practice=True
    )
    plain, _ = opening.create_workspace(folder, wanted)
    samples.new(plain, "proposal", title=DRAFT)
    samples.proposal(plain, title=READY)
    plain.close()


def make_received(desk: Desk) -> None:
    """Let the province receive the package, for what is done afterwards."""
    with opened(desk.province) as province:
        receiving.receive(province, desk.package)


def make_rules_taken_in(desk: Desk) -> None:
    """Let the unit take in the rules of the province, for what is done afterwards."""
    with opened(desk.unit) as unit:
        updates.install_update(unit, desk.rules)


def _store(folder: Path, **answers: str) -> Workspace:
    wanted = opening.NewStore(
        **answers, province="20", officer=f"Cán bộ {answers['code']}", practice=False, passphrase=SECRET
    )
    return opening.create_workspace(folder, wanted)[0]


def _acquaint(desk: Desk, *offices: Workspace) -> None:
    for office in offices:
        card = desk.stick / f"the-{office.identity.unit.code}.xlsx"
        partners.write_identity(office, card)
        for other in offices:
            if other is not office:
                partners.trust(other, card)
