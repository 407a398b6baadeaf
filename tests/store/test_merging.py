"""The laws of merging over three and more stores, and what an officer sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field, Form, Section, State, Transition, Workflow
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import replace
from kcdesk.store.handover import merging
from kcdesk.store.handover.merge_state import Incoming, Outcome
from kcdesk.store.handover.merging import ProvinceAuthority
from kcdesk.store.handover.shapes import Shapes
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store
from tests.examples import examples
from tests.store.conftest import Laptop

_HOURS = 7 * 60 * 60 * 1000  # between two laptops; what is more than a day ahead is refused on its way in
PROVINCE = Unit("Sở Công Thương mẫu", "SCT", "province", "20")


def small_forms() -> Forms:
    """A paper with a part that stays open when it is locked, a part of the province, computed and sensitive fields."""
    paper = (
        Field(name="title", type="text", label="Tên"),
        Field(name="year", type="year", label="Năm"),
        Field(name="secret", type="text", label="Kín", sensitive=True),
        Field(name="total", type="money", label="Tổng", computed="sum", computed_from=("budget.cost",)),
        Field(
            name="budget",
            type="table",
            label="Kinh phí",
            row="line",
            columns=(
                Field(name="item", type="text", label="Mục"),
                Field(name="cost", type="money", label="Tiền"),
                Field(name="note", type="text", label="Kín", sensitive=True),
            ),
        ),
    )
    form = Form(
        id="paper",
        version=1,
        label="Hồ sơ",
        plural="Hồ sơ",
        effective_from=date(2012, 7, 5),
        title=("title",),
        sections=(
            Section(id="content", label="Nội dung", fields=paper),
            Section(id="signed", label="Bản ký", fields=(Field(name="scan", type="text", label="Bản quét"),)),
            Section(
                id="province",
                label="Tỉnh",
                fields=(Field(name="opinion", type="text", label="Ý kiến", owner="province"),),
            ),
        ),
    )
    workflow = Workflow(
        kind="paper",
        initial="draft",
        states=(
            State(name="draft", label="Đang nhập"),
            State(name="final", label="Đã chốt", editable=False, open_sections=("signed", "province")),
            State(name="approved", label="Đã duyệt", editable=False, open_sections=("province",)),
        ),
        transitions=(Transition(name="finalise", label="Chốt", from_states=("draft",), to="final"),),
    )
    return Forms((form,), workflows=(workflow,))


@pytest.fixture(scope="module")
def small() -> Forms:
    return small_forms()


@pytest.fixture(scope="module")
def stores(small: Forms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Store]]:
    """Three laptops below and one of the province; their clocks are hours apart."""
    made = []
    for number in range(4):
        laptop = Laptop()
        laptop.ms += (number - 2) * _HOURS
        unit = PROVINCE if number == 3 else Unit(f"Đơn vị {number}", f"DV{number}", "lower", "20")
        folder = tmp_path_factory.mktemp("stores") / str(number)
        store, _ = Store.create(folder, small, unit, Officer(f"Cán bộ {number}"), practice=True, now=laptop)
        made.append(store)
    yield made
    for store in made:
        assert store.check() == []
        store.close()


def state(store: Store, id_: str) -> merging.MergeState | None:
    stored = store.merging.stored(id_)
    return stored and store.merging.state(stored)


def sent(store: Store, id_: str) -> Incoming:
    """A record as it travels."""
    stored = store.get(id_)
    found = store.merging.state(stored)
    assert found is not None
    return Incoming(id=id_, kind=stored.kind, unit=stored.unit, parent=stored.parent, state=found)


def bare(incoming: Incoming) -> Incoming:
    """The same without what is sensitive, as packages carry it by default."""
    state, hidden = incoming.state, {"secret"}

    def left(path: str) -> bool:
        return path not in hidden and not path.endswith("/note")

    data = {name: value for name, value in state.data.items() if name not in hidden}
    if "budget" in data:
        data["budget"] = [{name: cell for name, cell in row.items() if name != "note"} for row in data["budget"]]
    kept = replace(
        state,
        data=data,
        stamps={path: at for path, at in state.stamps.items() if left(path)},
        others={path: register for path, register in state.others.items() if left(path)},
        private={},
    )
    return Incoming(id=incoming.id, kind=incoming.kind, unit=incoming.unit, parent=incoming.parent, state=kept)


def take(store: Store, incoming: Incoming, authority: ProvinceAuthority | None = None) -> Outcome:
    with store.act("Nhập gói") as act:
        outcome = store.merging.outcome(incoming, authority or ANYBODY, store.merging.stored(incoming.id))
        act.merge(incoming, outcome)
    return outcome


ANYBODY = ProvinceAuthority()


def new(store: Store, **data: object) -> str:
    with store.act("Lập") as act:
        return act.insert("paper", "paper@1", {"state": "draft", "revision": 1, **data})


def edit(store: Store, id_: str, **changes: object) -> None:
    """One act that sets paths of the record as the window does; `__` stands for `/`."""
    stored = store.get(id_)
    record = stored.record(store.forms)
    workflow, level = store.forms.workflow("paper"), store.identity.unit.level
    found: dict[str, object] = {}
    for name, value in changes.items():
        path = name.replace("__", "/")
        free = path in ("state", "revision") or record.is_editable(path, workflow, level)
        if free and (path.count("/") < 2 or record.value(path.rpartition("/")[0]) is not None):
            found |= record.set(path, value)
    if stored.deleted is None:
        with store.act("Sửa") as act:
            act.update(id_, found)


def meet(stores: list[Store], id_: str) -> None:
    """Everybody sends everything to everybody, twice."""
    for _ in range(2):
        for message in [sent(store, id_) for store in stores if state(store, id_)]:
            for store in stores:
                take(store, message)


def pile(store: Store, id_: str) -> dict[str, tuple[object, list[object]]]:
    return {
        conflict.path: (conflict.shown.value if conflict.shown else None, [w.value for w in conflict.waiting])
        for conflict in store.merging.conflicts(id_)
    }


_TEXT = st.sampled_from(["a", "b", "c"])
_ROW = st.sampled_from(["r1", "r2"])
_EDITS = st.one_of(
    st.tuples(st.sampled_from(["title", "scan", "secret"]), _TEXT | st.none()),
    st.tuples(st.just("year"), st.sampled_from([2025, 2026, None])),
    st.tuples(_ROW.map("budget__{}".format), st.none() | st.fixed_dictionaries({"cost": st.integers(1, 3)})),
    st.tuples(_ROW.map("budget__{}__cost".format), st.integers(1, 3) | st.none()),
    st.tuples(_ROW.map("budget__{}__item".format), _TEXT),
    st.tuples(_ROW.map("budget__{}__note".format), _TEXT | st.none()),
    st.tuples(st.just("state"), st.sampled_from(["draft", "final", "approved"])),
)
_LAPTOP = st.integers(0, 2)
_EVENTS = st.lists(
    st.one_of(
        st.tuples(_LAPTOP, st.just("edit"), _EDITS),
        st.tuples(_LAPTOP, st.just("edit"), _EDITS),
        st.tuples(_LAPTOP, st.sampled_from(["delete", "restore", "post", "bare", "decide"]), st.none()),
        st.tuples(_LAPTOP, st.just("take"), st.integers(0, 9)),
    ),
    min_size=4,
    max_size=24,
)


def play(stores: list[Store], events: list[tuple[int, str, object]]) -> tuple[str, list[Incoming]]:
    """A life of one record on three laptops; the record and every message that was ever posted."""
    id_ = new(stores[0], title="a", budget=[{"id": "r1", "position": 1.0, "cost": 1}], total=1)
    post = [sent(stores[0], id_)]
    for number, what, detail in events:
        store = stores[number]
        if what == "take":
            take(store, post[int(str(detail)) % len(post)])
        elif state(store, id_) is None:
            take(store, post[0])
        elif what == "post":
            post.append(sent(store, id_))
        elif what == "bare":
            post.append(bare(sent(store, id_)))
        elif what == "edit":
            assert isinstance(detail, tuple)
            correction = {"revision": store.record(id_).revision + 1} if detail == ("state", "draft") else {}
            edit(store, id_, **{detail[0]: detail[1]}, **correction)
        elif what == "decide":
            with store.act("Quyết định") as act:
                if waiting := list(pile(store, id_)):
                    act.decide(id_, waiting)
        else:
            with store.act(what) as act:
                act.delete(id_) if what == "delete" else act.restore(id_)
    post += [sent(store, id_) for store in stores[:3] if state(store, id_)]
    return id_, post


_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=examples(40), deadline=None, suppress_health_check=_SLOW)
@given(events=_EVENTS)
def test_all_laptops_agree_once_they_have_met(
    stores: list[Store], events: list[tuple[int, str, object]], small: Forms
) -> None:
    id_, post = play(stores, events)
    meet(stores, id_)
    states = [state(store, id_) for store in stores]
    assert all(found == states[0] for found in states), [s and (s.data, s.stamps, s.others) for s in states]
    assert len({str(pile(store, id_)) for store in stores}) == 1
    record = stores[0].record(id_)
    assert record.data == Record(id_, "paper", record.form, record.data, forms=small).data
    assert record.set("revision", record.data.get("revision")) == {}
    for message in post:
        assert take(stores[1], message).status == "same"


@settings(max_examples=examples(40), deadline=None, suppress_health_check=_SLOW)
@given(events=_EVENTS, order=st.permutations(range(30)), again=st.lists(st.integers(0, 29), max_size=6))
def test_order_repetition_and_grouping_do_not_count(
    stores: list[Store],
    events: list[tuple[int, str, object]],
    order: list[int],
    again: list[int],
    small: Forms,
) -> None:
    _, post = play(stores, events)
    shape = Shapes(small).of("paper@1")
    states = [message.state for message in post]

    def join(one: merging.MergeState, other: merging.MergeState) -> merging.MergeState:
        return computed(merging.joined(one, other, shape, ANYBODY), small)

    def fold(found: list[merging.MergeState]) -> merging.MergeState:
        return reduce(join, found)

    straight = fold(states)
    mixed = [states[n] for n in order if n < len(states)] + [states[n % len(states)] for n in again]
    assert fold(mixed) == straight
    middle = len(states) // 2
    if middle:
        assert join(fold(states[:middle]), fold(states[middle:])) == straight
    assert join(straight, straight) == straight


def computed(state_: merging.MergeState, forms: Forms) -> merging.MergeState:
    """The state with its totals computed, as a store keeps it."""
    record = Record("x", "paper", forms.by_reference("paper@1"), state_.data, forms=forms)
    record.set("revision", record.data.get("revision"))
    return replace(state_, data=record.data)


def met(stores: list[Store], **data: object) -> tuple[Store, Store, str]:
    """Two laptops that both have a new record."""
    one, two = stores[0], stores[1]
    id_ = new(one, title="Gốc", budget=[{"id": "r1", "position": 1.0, "cost": 1}], total=1, **data)
    take(two, sent(one, id_))
    return one, two, id_


def swap(one: Store, two: Store, id_: str) -> None:
    there, back = sent(one, id_), sent(two, id_)
    take(two, there)
    take(one, back)
    assert state(one, id_) == state(two, id_)


def test_what_saw_the_other_is_no_conflict_however_wrong_the_clocks(stores: list[Store]) -> None:
    ahead, behind = stores[2], stores[0]
    id_ = new(ahead, title="Đồng hồ chạy trước mười bốn giờ")
    take(behind, sent(ahead, id_))
    edit(behind, id_, title="Sửa sau khi đã thấy")
    assert take(ahead, sent(behind, id_)).status == "changed"
    assert ahead.get(id_).data["title"] == "Sửa sau khi đã thấy"
    assert pile(ahead, id_) == {}


def test_different_fields_and_rows_come_together(stores: list[Store]) -> None:
    one, two, id_ = met(stores)
    edit(one, id_, title="Mới", budget__r1__cost=5)
    edit(two, id_, year=2026, budget__r2={"cost": 7})
    swap(one, two, id_)
    data = one.get(id_).data
    assert (data["title"], data["year"], data["total"]) == ("Mới", 2026, 12)
    assert pile(one, id_) == {}


def test_the_same_field_shows_the_later_and_keeps_the_other_until_somebody_decides(stores: list[Store]) -> None:
    one, two, id_ = met(stores)
    edit(one, id_, title="Của một")
    edit(two, id_, title="Đang gõ")  # the clocks agree by now: the second edit is the later one
    edit(two, id_, title="Của hai")
    swap(one, two, id_)
    assert pile(one, id_) == pile(two, id_) == {"title": ("Của hai", ["Của một"])}
    edit(two, id_, title="Của hai, sửa tiếp")
    swap(one, two, id_)
    assert pile(one, id_) == {"title": ("Của hai, sửa tiếp", ["Của một"])}
    assert any("Của một" in str(line.after or {}) + str(line.before or {}) for line in two.history(id_))
    with one.act("Quyết định") as act:
        act.decide(id_, ["title"])
    swap(one, two, id_)
    assert pile(one, id_) == pile(two, id_) == {}


def test_equal_values_are_nothing_to_decide(stores: list[Store]) -> None:
    one, two, id_ = met(stores)
    edit(one, id_, title="Như nhau")
    edit(two, id_, title="Như nhau")
    swap(one, two, id_)
    assert pile(one, id_) == {}


def test_a_locked_paper_stays_as_it_was_signed(stores: list[Store]) -> None:
    one, two, id_ = met(stores)
    edit(one, id_, state="final")
    paper = one.get(id_).data
    edit(two, id_, title="Sửa muộn", year=2031, budget__r2={"cost": 9}, budget__r1__cost=8)
    edit(two, id_, scan="Bản quét")
    swap(one, two, id_)
    assert one.get(id_).data == {**paper, "scan": "Bản quét"}
    assert pile(two, id_).keys() >= {"title", "year", "budget/r1/cost", "budget/r2"}
    edit(one, id_, state="draft", revision=2)
    assert one.get(id_).data["title"] == "Gốc"
    swap(one, two, id_)
    assert two.get(id_).data["title"] == "Gốc"
    assert "title" in pile(two, id_)


def test_a_correction_elsewhere_keeps_the_old_paper(stores: list[Store]) -> None:
    one, two, id_ = met(stores)
    edit(one, id_, state="final")
    take(two, sent(one, id_))
    edit(one, id_, state="draft", revision=2)
    edit(one, id_, title="Bản hai")
    assert take(two, sent(one, id_)).status == "changed"
    assert [record.data["title"] for record in two.snapshots(id_)] == ["Gốc"]
    assert two.get(id_).data["title"] == "Bản hai"


def test_what_was_changed_where_another_deleted_waits(stores: list[Store]) -> None:
    one, two, id_ = met(stores)
    with one.act("Xoá") as act:
        act.delete(id_)
    edit(two, id_, title="Vẫn làm")
    swap(one, two, id_)
    assert two.get(id_).deleted
    assert pile(two, id_) == {"title": ("Gốc", ["Vẫn làm"])}
    with two.act("Lấy lại") as act:
        act.restore(id_)
    swap(one, two, id_)
    assert one.get(id_).deleted is None


def test_a_cell_of_a_row_that_another_took_away_waits(stores: list[Store]) -> None:
    one, two, id_ = met(stores)
    edit(one, id_, budget__r1=None)
    edit(two, id_, budget__r1__item="Vẫn cần")
    swap(one, two, id_)
    assert "budget" not in two.get(id_).data
    assert pile(two, id_) == {"budget/r1/item": (None, ["Vẫn cần"])}


def granted(*stores: Store) -> ProvinceAuthority:
    return ProvinceAuthority(True, frozenset(store.identity.device_id for store in stores))


def test_only_the_province_decides(stores: list[Store]) -> None:
    one, province = stores[0], stores[3]
    id_ = new(one, title="Xin duyệt")
    take(province, sent(one, id_))
    edit(province, id_, opinion="Đồng ý")
    approval = sent(province, id_)
    assert take(one, approval).status == "refused"
    assert "opinion" not in one.get(id_).data
    assert take(one, approval, granted(province)).status == "changed"
    assert one.get(id_).data["opinion"] == "Đồng ý"


def test_nobody_below_can_approve_himself(stores: list[Store]) -> None:
    one, province = stores[2], stores[3]  # whose clock is seven hours ahead of that of the laptop
    id_ = new(one, title="Xin duyệt")
    take(province, sent(one, id_))
    edit(province, id_, opinion="Không")
    with one.act("Giả mạo") as act:
        act.update(id_, {"opinion": "Đồng ý"})
    outcome = take(province, sent(one, id_))
    assert (outcome.status, outcome.refused) == ("refused", ("opinion",))
    assert province.get(id_).data["opinion"] == "Không"
    take(one, sent(province, id_), granted(province))
    assert one.get(id_).data["opinion"] == "Không"
    forged = new(one, title="Mới", opinion="Đồng ý")
    assert take(province, sent(one, forged)).refused == ("opinion",)
    assert "opinion" not in province.get(forged).data


def test_a_sensitive_field_may_stay_at_home_and_come_later(stores: list[Store]) -> None:
    one, two = stores[0], stores[1]
    id_ = new(one, title="Có phần kín", secret="Kín")
    whole = sent(one, id_)
    without = bare(whole)
    take(two, without)
    assert "secret" not in two.get(id_).data
    assert take(two, whole).status == "changed"
    assert take(two, without).status == "same"
    assert two.get(id_).data["secret"] == "Kín"


def test_sensitive_values_meet_like_all_others_once_both_sides_show_them(stores: list[Store]) -> None:
    one, two, id_ = met(stores, secret="Gốc")
    edit(one, id_, secret="Của một")
    edit(two, id_, secret="Đang gõ")
    edit(two, id_, secret="Của hai")
    take(two, bare(sent(one, id_)))  # says nothing about it, though two has seen that one wrote
    take(one, bare(sent(two, id_)))
    assert (one.get(id_).data["secret"], two.get(id_).data["secret"]) == ("Của một", "Của hai")
    swap(one, two, id_)
    assert pile(one, id_) == {"secret": ("Của hai", ["Của một"])}


def test_a_paper_locked_where_a_sensitive_cell_is_not_known_does_not_wipe_it(stores: list[Store]) -> None:
    one, two = stores[0], stores[1]
    id_ = new(one, title="Gốc", budget=[{"id": "r1", "position": 1.0, "cost": 1, "note": "Kín"}], total=1)
    take(two, bare(sent(one, id_)))
    edit(two, id_, state="final")
    take(one, sent(two, id_))
    assert (one.get(id_).data["state"], one.get(id_).data["budget"][0]["note"]) == ("final", "Kín")
    swap(one, two, id_)
    assert two.get(id_).data["budget"][0]["note"] == "Kín"
    assert pile(two, id_) == {}


def test_three_writers_give_one_pile_in_any_order(stores: list[Store], small: Forms) -> None:
    id_ = new(stores[0], title="Gốc")
    for store in stores[1:3]:
        take(store, sent(stores[0], id_))
    for number, store in enumerate(stores[:3]):
        edit(store, id_, title=f"Của {number}")
    shape = Shapes(small).of("paper@1")
    messages = [sent(store, id_).state for store in stores[:3]]
    found = {
        str(merging.joined(merging.joined(a, b, shape, ANYBODY), c, shape, ANYBODY).others)
        for a, b, c in permutations(messages)
    }
    assert len({"".join(sorted(text)) for text in found}) == 1
