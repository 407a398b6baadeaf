"""A year of hand-offs: one province, three units, five laptops; sticks lost, doubled, out of order; Excel between;
a computer that dies while it takes a package in, a disk that is full."""

import random
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.services import catalogue
from kcdesk.services.handover.packages import decision_workbooks, edited_workbooks, receiving, sending
from kcdesk.services.handover.receipts import standing, writing
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import now_ms
from kcdesk.store.store import Store
from tests.examples import IS_LONG
from tests.services.exchange_support import Offices, contents, whole

ROOT = Path(__file__).parents[2]

HOUR_MS = 3600 * 1000
MONTHS = 12 if IS_LONG else 8
FULL_DISK, LIBREOFFICE = (8, 10) if IS_LONG else (7, 8)  # months


class Wrong:
    """A laptop's clock, hours off, that goes on by itself."""

    def __init__(self, hours):
        self.ms = now_ms() + hours * HOUR_MS

    def __call__(self):
        self.ms += 1000
        return self.ms


@pytest.fixture
def offices(tmp_path):
    made = Offices(tmp_path, load())
    yield made
    made.close()


@pytest.fixture
def people(offices):
    """The province and five laptops of three units; one clock is nine hours ahead, one eight behind."""
    province = offices.make("SCT", "province")
    units = [("TT-A", 0), ("TT-A", 9), ("TT-B", 0), ("TT-B", -8), ("TT-C", 0)]
    laptops = [offices.make(code, now=Wrong(hours)) for code, hours in units]
    offices.acquaint(province, *laptops)
    return province, laptops


def work(laptop, month, chance, dossiers):
    """What an officer does in a month: one new dossier, some older ones edited."""
    code = laptop.identity.unit.code
    made = changing.add(
        laptop,
        "proposal",
        {
            "title": f"{code} tháng {month} số {chance.randrange(99)}",
            "year": 2026,
            "budget": [{"item": "Máy", "cost": 100 + month}, {"item": "Lắp", "cost": month}],
        },
    )
    dossiers.append(made.items[0].id)
    here = [id_ for id_ in dossiers if laptop.store.merging.stored(id_)]
    for id_ in chance.sample(here, min(3, len(here))):
        rows = laptop.store.record(id_).rows("budget")
        value = {chance.choice(["goals", "scale", "necessity"]): f"{code}, tháng {month}, {chance.randrange(999)}"}
        if rows and chance.random() < 0.5:
            value = {f"budget/{rows[0]['id']}/cost": chance.randrange(1000)}
        if not laptop.store.get(id_).deleted:
            changing.set_values(laptop, id_, value)
    if month % 5 == 4:
        changing.delete(laptop, made.items[0].id)


def sisters(laptop, laptops):
    """The other laptops of the unit."""
    return [other for other in laptops if other is not laptop and other.identity.unit == laptop.identity.unit]


def deliver(offices, chance, province, laptops, package):
    """A stick reaches the province, perhaps twice; perhaps an answer comes back, perhaps a colleague reads it too."""
    laptop, path, id_ = package
    for _ in range(chance.choice([1, 2])):
        receiving.receive(province, path)
    if chance.random() < 0.6:
        receipt = offices.path()
        writing.make(province, id_, receipt)
        receiving.receive(laptop, receipt)
    for other in sisters(laptop, laptops):
        if chance.random() < 0.5:
            receiving.receive(other, path)


def decide(province, chance, month):
    """Some dossiers are decided every month."""
    page = reading.list_page(province, "proposal", limit=500)
    for row in chance.sample(page, min(4, len(page))):
        values = {"province_result": chance.choice(["approved", "received"]), "province_support": month * 1_000_000}
        changing.set_values(province, row.id, values)


@pytest.mark.timeout(300)
def test_a_year_with_every_mishap_ends_with_everybody_agreeing(offices, people):
    province, laptops = people
    chance = random.Random(2026)
    mine = {laptop.identity.unit.code: [] for laptop in laptops}
    posted, lost = [], 0
    for month in range(1, MONTHS + 1):
        for laptop in laptops:
            work(laptop, month, chance, mine[laptop.identity.unit.code])
        for laptop in chance.sample(laptops, 2):
            laptop.today = lambda month=month: date(2026, month, 25)
            path, package = offices.export(laptop, period=f"2026-{month:02}", full=month == 6)
            if chance.random() < 0.3:
                lost += 1  # the stick went into the wash
            else:
                posted.append((laptop, path, package))
        if month == 4:
            province = killed_half_way(offices, province, posted[-1])
        if month == FULL_DISK:
            on_a_full_disk(province, posted[-1])
        if month == LIBREOFFICE:
            through_libreoffice(offices, province)
        chance.shuffle(posted)
        for package in posted[: chance.randrange(1, 3)]:
            deliver(offices, chance, province, laptops, package)
        decide(province, chance, month)
    assert lost
    lines = [(office, history(office)) for office in (province, *laptops)]
    settle(offices, province, laptops)

    agree(province, laptops, {id_ for ids in mine.values() for id_ in ids})
    for office, known in lines:
        assert history(office)[: len(known)] == known  # nothing of it was rewritten
    written = "".join(before + after for before, after, _ in history(province))
    assert all(goals in written for office in laptops for goals in newest(office))


def history(office):
    """What every line of the history says, oldest first."""
    rows = office.store.query("SELECT before, after, hash FROM change ORDER BY seq")
    return [(row["before"] or "", row["after"] or "", row["hash"]) for row in rows]


def newest(office):
    """What its dossiers say of their goals."""
    rows = office.store.query("SELECT data ->> '$.goals' AS goals FROM record WHERE deleted IS NULL")
    return [row["goals"] for row in rows if row["goals"]]


def reopened(offices, office):
    """The store of an office that was closed, open again."""
    store = Store.open(office.store.folder, offices.forms)
    offices.made.append(Workspace(store, offices.forms, catalogue.extensions(), office.today))
    return offices.made[-1]


def killed_half_way(offices, province, package):
    """The province's computer dies while it takes a package in; the store, open again, is as it was before."""
    _, path, _ = package
    folder = province.store.folder
    province.close()  # signs where its history ends
    before = whole(reopened(offices, province))
    offices.made.pop().store.close()
    command = [sys.executable, "-m", "tests.journeys.importer", str(folder), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as importer:
        assert importer.stdout is not None
        done, total = importer.stdout.readline().split()
        importer.kill()
    assert 0 < int(done) <= int(total)
    again = reopened(offices, province)
    assert whole(again) == before
    assert again.store.check() == []
    assert receiving.receive(again, path).applied
    return again


def on_a_full_disk(province, package):
    """There is no room left for one page more: the package is refused and nothing of it is there."""
    _, path, _ = package
    before, store = whole(province), province.store
    room = store.query("PRAGMA max_page_count")[0]["max_page_count"]
    store.query(f"PRAGMA max_page_count = {store.query('PRAGMA page_count')[0]['page_count']}")
    with pytest.raises(KnownError) as caught:
        receiving.receive(province, path)
    assert caught.value.code == "disk_full"
    store.query(f"PRAGMA max_page_count = {room}")
    assert whole(province) == before
    assert province.store.check() == []


def through_libreoffice(offices, province):
    """The head of the department decides on paper, a clerk in a workbook that LibreOffice saves."""
    package = next(entry.id for entry in province.store.packages.list() if entry.direction == "in")
    sheet = offices.path()
    decision_workbooks.make_decision_workbook(province, package, sheet)
    book = load_workbook(sheet)
    page = book["Đề án"]
    names = {cell.value: cell.column for cell in page[2]}
    id_ = page.cell(3, names["id"]).value
    page.cell(3, names["province_note"]).value = "Ghi tay trong bảng tính"
    book.save(sheet)
    if shutil.which("soffice"):
        office = f"-env:UserInstallation=file://{offices.folder}/office"
        command = ["soffice", office, "--headless", "--convert-to", "xlsx", "--outdir", str(offices.folder / "saved")]
        subprocess.run([*command, str(sheet)], check=True, capture_output=True)
        sheet = offices.folder / "saved" / sheet.name
    assert decision_workbooks.read_decisions(province, sheet, accept=True)["applied"]
    assert province.store.get(id_).data["province_note"] == "Ghi tay trong bảng tính"


def agree(province, laptops, made):
    """Every field and stamp is the same everywhere, nothing is missing, nothing waits to be handed over."""
    everything, discarded = contents(province), set()
    for laptop in laptops:
        for id_, said in contents(laptop).items():
            if id_ not in everything and laptop.store.get(id_).deleted:
                discarded.add(id_)  # a draft that was deleted before anybody heard of it stays at home
                continue
            assert everything[id_] == said, reading.title_of(laptop, id_)
            assert standing.handover_state(laptop, id_).standing != "changed"
    assert everything.keys() | discarded == made
    for office in (province, *laptops):
        assert office.store.check() == []
    assert sending.plan(laptops[0]).records == 0


def settle(offices, province, laptops):
    """The end of the year: everybody brings everything, then everybody gets an answer."""
    for answered in (False, True):
        for laptop in laptops:
            path, package = offices.export(laptop, period="2026", full=True)
            receiving.receive(province, path)
            for other in sisters(laptop, laptops):
                receiving.receive(other, path)
            if answered:
                receipt = offices.path()
                writing.make(province, package, receipt)
                receiving.receive(laptop, receipt)


def test_a_workbook_that_went_through_another_program_and_back(offices, people):
    province, laptops = people
    unit = laptops[0]
    id_ = changing.add(unit, "proposal", {"title": "Máy cưa", "budget": [{"item": "Máy", "cost": 5}]}).items[0].id
    path, _ = offices.export(unit)
    book = load_workbook(path)
    page = book["Đề án"]
    names = {cell.value: cell.column for cell in page[2]}
    page.cell(3, names["province_result"]).value = "Trả lại để bổ sung"
    page.cell(3, names["province_note"]).value = "Thiếu báo giá"
    book.save(path)
    with pytest.raises(UserError):
        receiving.receive(province, path)
    assert edited_workbooks.read_edits(unit, path, accept=True)["applied"]
    assert unit.store.get(id_).data["province_note"] == "Thiếu báo giá"
