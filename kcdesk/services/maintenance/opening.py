"""Make a store at the first start, open it at every later one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kcdesk.errors import KnownError, UserError
from kcdesk.exchange.container import signed_closings
from kcdesk.formdef.loading.loader import Forms, FormsError, kept_form, load, load_kept
from kcdesk.formdef.places import Places
from kcdesk.runtime.frozen import Value
from kcdesk.services import catalogue
from kcdesk.services.law import store_register
from kcdesk.services.maintenance import key_seal
from kcdesk.services.maintenance.secret_strength import refuse_weak
from kcdesk.services.rulebook import genuine, installed
from kcdesk.services.workspace import Workspace
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.safety import making, odd_parts, restoring
from kcdesk.store.store import Store
from kcdesk.text import fold, slug


class NewStore(Value, kw_only=True):
    """The answers of the first-start wizard; `province` is a code or a name, `passphrase` only for a real store."""

    unit: str
    code: str
    level: str
    province: str
    officer: str
    parent: str = ""
    officer_title: str = ""
    practice: bool = False
    passphrase: str = ""


def create(folder: Path, wanted: NewStore, forms: Forms | None = None) -> dict[str, Any]:
    """Make a new store; returns {"store", "store_id", "practice", "recovery_code"}. UserError for a missing answer."""
    store, recovery_code = _create_store(folder, wanted, forms or _forms(folder))
    try:
        return {
            "store": str(folder),
            "store_id": store.identity.store_id,
            "practice": wanted.practice,
            "recovery_code": recovery_code,
        }
    finally:
        store.close()


def create_workspace(folder: Path, wanted: NewStore) -> tuple[Workspace, str]:
    """Make a new store and leave it open; returns the workspace and the recovery code ("" for a practice store)."""
    forms = _forms(folder)
    store, recovery_code = _create_store(folder, wanted, forms)
    return Workspace(store, forms, catalogue.extensions()), recovery_code


def open_workspace(folder: Path, passphrase: str = "") -> Workspace:
    """Open the store in `folder`; UserError `no_store` if there is none, `store_remains` if parts lie there."""
    if is_new(folder):
        raise UserError(
            f"Chưa có kho dữ liệu trong thư mục {folder}.",
            code="no_store",
            hint="Hãy lập kho mới (kcdesk init) hoặc chỉ đúng thư mục bằng --store.",
        )
    store, forms = _opened_with_genuine_rules(folder, passphrase)
    with _closed_at_a_fault(store):
        workspace = Workspace(store, forms, catalogue.extensions())
        signed_closings.compare(store)
        if not store.is_damaged:  # its records may be those that cannot be read
            store_register.refresh(workspace)
    return workspace


@contextmanager
def _closed_at_a_fault(store: Store) -> Iterator[None]:
    """Close the store if what follows its opening fails: its folder must not stay locked."""
    try:
        yield
    except BaseException:
        store.close()
        raise


def _opened_with_genuine_rules(folder: Path, passphrase: str) -> tuple[Store, Forms]:
    """The open store with its forms; edited rules are put right first, and the store says so among its repairs."""
    faults: list[FormsError] = []

    def forms_of(kept: bytes) -> Forms:
        try:
            return _checked(load_kept(installed.folder_in_force(folder), b"" if genuine.are_tried() else kept))
        except FormsError as error:  # torn or edited so that nothing can be read: the copies in the store may help
            faults.append(error)
            return load()

    store = Store.open(folder, forms_of, passphrase)
    with _closed_at_a_fault(store):
        is_finished = genuine.finish_halves(store)
        sentences = (*genuine.put_right(store), *key_seal.put_right(store))
    if faults or is_finished or set(sentences) - {genuine.TRYING, key_seal.MENDED}:
        store.close()
        store = Store.open(folder, _forms(folder), passphrase)
    store.repairs = (*sentences, *store.repairs)
    with _closed_at_a_fault(store):
        _keep_forms(store)
    return store, store.forms


def _keep_forms(store: Store) -> None:
    """Have the store keep the forms that were read and checked, for its next opening; a full disk keeps nobody out."""
    if store.forms.were_kept or store.is_damaged or genuine.are_tried():
        return
    if kept := kept_form(store.forms):
        with suppress(KnownError):
            store.keep_forms(kept)


def is_store(folder: Path) -> bool:
    """Whether there is a store in `folder`; an interrupted restore is completed first. UserError `odd_part`."""
    odd_parts.refuse_odd_parts(folder)
    restoring.finish(folder)
    return Store.is_store(folder)


def is_new(folder: Path) -> bool:
    """Whether a store is to be made in `folder`; UserError `store_remains` if parts of one lie there."""
    if is_store(folder):
        return False
    making.refuse_remains(folder)
    return True


def needs_passphrase(folder: Path) -> bool:
    """Whether the store in `folder` is locked with a passphrase."""
    return is_store(folder) and Store.needs_passphrase(folder)


def _forms(folder: Path) -> Forms:
    """Load the forms in force for a store; UserError if they name an unknown guard or effect."""
    return _checked(load(installed.folder_in_force(folder)))


def _checked(forms: Forms) -> Forms:
    """These forms; UserError if they name an unknown guard or effect. Those that a store has kept were asked before."""
    if not forms.were_kept:
        forms.once("known names", lambda: catalogue.refuse_unknown_names(forms))
    return forms


def _create_store(folder: Path, wanted: NewStore, forms: Forms) -> tuple[Store, str]:
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} là một tệp, không phải thư mục.", code="not_a_folder", hint="Hãy chọn một thư mục.")
    _refuse_missing(wanted)
    unit = Unit(
        name=wanted.unit.strip(),
        code=unit_code(wanted.code),
        level=_level(wanted.level, forms),
        province=_province_of(wanted, forms),
        parent=wanted.parent.strip(),
    )
    officer = Officer(name=wanted.officer.strip(), title=wanted.officer_title.strip())
    store, recovery_code = Store.create(folder, forms, unit, officer, wanted.practice, wanted.passphrase)
    store.keep_place()
    return store, recovery_code


def _refuse_missing(wanted: NewStore) -> None:
    for field, label in (("unit", "tên đơn vị"), ("code", "mã đơn vị"), ("officer", "họ tên cán bộ")):
        if not getattr(wanted, field).strip():
            raise UserError(f"Chưa có {label}.", code="missing", hint="Hãy nhập rồi làm lại.", field=field)
    if not wanted.practice:
        refuse_weak(wanted.passphrase, wanted.unit, wanted.code, wanted.officer)


def unit_code(code: str) -> str:
    """Normalise the code of the unit: only letters, digits and hyphens, because it is part of file names.

    UserError `bad_unit_code`, which proposes a code of the same letters.
    """
    code = code.strip().upper()
    if not code.replace("-", "").isalnum() or not code.isascii():
        raise UserError(
            f"Mã đơn vị «{code}» chỉ được gồm chữ không dấu, chữ số và gạch nối.",
            code="bad_unit_code",
            hint=f"Ví dụ: {slug(code).upper()}.",
            field="code",
        )
    return code


def _level(name: str, forms: Forms) -> str:
    if name not in forms.levels.names:
        raise UserError(
            f"Không có cấp nào là «{name}».",
            code="unknown_level",
            hint=f"Các cấp: {', '.join(forms.levels.names)}.",
            field="level",
        )
    return name


def _province_of(wanted: NewStore, forms: Forms) -> str:
    """The code of the office's province; an office above several provinces may stand in none."""
    if not wanted.province.strip() and forms.levels.spans_provinces(wanted.level):
        return ""
    return _province_code(wanted.province)


def _province_code(text: str) -> str:
    """The code of a province given by code or by name, with or without accents."""
    wanted = fold(text)
    for province in Places.shipped().provinces:
        if wanted in (province.code, fold(province.name), _bare(fold(province.name))):
            return province.code
    raise UserError(
        f"Không có tỉnh, thành phố nào là «{text}».",
        code="unknown_province",
        hint="Hãy nhập mã hoặc tên của một trong 34 tỉnh, thành phố hiện nay.",
        field="province",
    )


def _bare(folded: str) -> str:
    return folded.removeprefix("tinh ").removeprefix("thanh pho ")
