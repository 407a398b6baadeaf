"""Updates of the rules: forms, ceilings, deadlines and paper layouts as a signed file, previewed and then installed.

Old dossiers do not change: a used version of a form, a checklist or a layout is never replaced, only followed by a new
version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import given_files, moments
from kcdesk.errors import UserError
from kcdesk.exchange import rule_files
from kcdesk.exchange.container import signing
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.model import Form
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services import catalogue
from kcdesk.services.handover.trust import partners
from kcdesk.services.law import own_file
from kcdesk.services.rulebook import comparison, genuine, installed, rule_effects, trial, validation
from kcdesk.services.rulebook.comparison import RuleChange
from kcdesk.services.rulebook.rule_effects import NormChange, TouchedProposal
from kcdesk.services.workspace import Workspace
from kcdesk.temporary import private_files

if TYPE_CHECKING:
    from kcdesk.exchange.rule_files import RuleFile

_Effects = tuple[tuple[NormChange, ...], tuple[TouchedProposal, ...]]  # figures of support, and whose ceiling changes
_HINT = "Hãy báo cấp tỉnh sửa tệp quy định; quy định đang dùng vẫn giữ nguyên."


class RulePreview(Value, kw_only=True):
    """What a file of rules would change; `obstacle` says why it cannot be installed, "" if it can."""

    rules: RuleFile
    fingerprint: str
    changes: tuple[RuleChange, ...]
    already: bool
    norms: tuple[NormChange, ...] = ()  # the figures of support that change
    touched: tuple[TouchedProposal, ...] = ()  # the proposals whose ceiling changes with them
    obstacle: str = ""
    code: str = ""
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """{"id", "unit", "name", "made_at", "note", "fingerprint", "changes": [sentence], "already", "obstacle"}."""
        rules = self.rules
        return {
            "id": rules.id,
            "unit": rules.unit,
            "name": rules.name,
            "made_at": rules.made_at,
            "note": rules.note,
            "fingerprint": self.fingerprint,
            "changes": [change.sentence() for change in self.changes],
            "already": self.already,
            "obstacle": self.obstacle,
        }

    @property
    def sentence(self) -> str:
        """Which dossiers the new rules concern."""
        return rule_effects.sentence(self.norms, self.touched)

    def as_json_with_effects(self) -> dict[str, Any]:
        """`as_json` with "norms", "touched" and "sentence"; not to be kept outside the store, it names dossiers."""
        return self.as_json() | {
            "norms": [change.as_json() for change in self.norms],
            "touched": [proposal.as_json() for proposal in self.touched],
            "sentence": self.sentence,
        }


def pack(workspace: Workspace, folder: Path, file: Path, note: str = "") -> dict[str, Any]:
    """Sign the rules of a folder as a single file; only the department of the province may do this.

    The folder contains only new files, with paths as in `forms/`. UserError if the rules are not usable or the unit is
    not the province. Returns {"file", "id", "files": n, "fingerprint"}.
    """
    _refuse_lower(workspace)
    return pack_texts(workspace, _texts(folder), file, note)


def pack_texts(workspace: Workspace, texts: Mapping[str, str], file: Path, note: str = "") -> dict[str, Any]:
    """Sign rules given as {name: TOML} as a single file and install them here too: its own rules bind the province.

    What the office has entered and compared in the register of law travels along. UserError and result as of `pack`.
    """
    _refuse_lower(workspace)
    texts = own_file.law_file(workspace) | dict(texts)
    if not texts:
        raise UserError("Chưa có gì để ký.", code="no_rules", hint="Hãy đối chiếu hoặc thêm văn bản trước.")
    effects = _effects(workspace, texts)
    key = signing.signing_key(workspace.store)
    rule_file = rule_files.write_rules(file, workspace.identity, key, dict(texts), note.strip())
    _install(workspace, _preview(workspace, rule_files.read_rules(file), effects))
    return {
        "file": str(file),
        "id": rule_file.id,
        "files": len(texts),
        "fingerprint": signing.fingerprint(rule_file.key),
    }


def preview_update(workspace: Workspace, file: Path) -> RulePreview:
    """Read a file of rules and list its changes; UserError `not_rules` for another file."""
    rules = rule_files.read_rules(file)
    if any(update["id"] == rules.id for update in installed_updates(workspace)):
        return replace(_preview(workspace, rules), already=True)
    if obstacle := _obstacle_of_sender(workspace, rules):
        return _preview(workspace, rules, obstacle=obstacle)
    try:
        effects = _effects(workspace, rules.files)
    except UserError as error:
        return _preview(workspace, rules, obstacle=(error.code, error.message, error.hint))
    return _preview(workspace, rules, effects)


def _preview(
    workspace: Workspace, rules: RuleFile, effects: _Effects = ((), ()), obstacle: tuple[str, str, str] = ("", "", "")
) -> RulePreview:
    norms, touched = effects
    code, sentence, hint = obstacle
    return RulePreview(
        norms=norms,
        touched=touched,
        rules=rules,
        fingerprint=signing.fingerprint(rules.key),
        changes=tuple(comparison.changes(workspace.forms.folder, rules.files)),
        already=False,
        obstacle=sentence,
        code=code,
        hint=hint,
    )


def _effects(workspace: Workspace, files: Mapping[str, str]) -> _Effects:
    """What the files would change for support; UserError if they make the rules faulty or change a used version.

    The rules are put together and read once for both, which takes longer than all else.
    """
    _refuse_replaced(comparison.touched_versions(workspace.forms.folder, files))
    with trial.workspace_with(workspace, files) as would_be:
        _refuse_faulty(workspace, would_be)
        changes = rule_effects.norm_changes(workspace.norms, would_be.norms)
        return tuple(changes), tuple(rule_effects.touched_proposals(workspace, would_be, changes))


def install_update(workspace: Workspace, file: Path) -> RulePreview:
    """Install a file of rules; they apply from the next opening of the store. UserError if it cannot be installed.

    Installing the same file again changes nothing.
    """
    preview = preview_update(workspace, file)
    if preview.obstacle:
        raise UserError(preview.obstacle, code=preview.code, hint=preview.hint)
    if not preview.already:
        _install(workspace, preview)
    return preview


def _install(workspace: Workspace, preview: RulePreview) -> None:
    rules = preview.rules
    workspace.store.backup(reason="rules")
    about = preview.as_json() | {
        "taken_at": moments.written_now(),
        "officer": workspace.identity.officer.name,
        "files": sorted(rules.files),
    }
    files = {name: text.encode() for name, text in rules.files.items()}
    content = json.dumps(about, ensure_ascii=False, indent=1).encode()
    genuine.place_update(workspace.store, installed.lay_beside(workspace.store.folder, content, files))


def installed_updates(workspace: Workspace) -> list[dict[str, Any]]:
    """List the installed files, newest first: the JSON of their preview, "taken_at" and "officer"."""
    updates = installed.updates(workspace.store.folder)
    return [json.loads((update / installed.ABOUT).read_text("utf-8")) for update in reversed(updates)]


def undo_update(workspace: Workspace) -> dict[str, Any]:
    """Remove the newest file of rules; UserError `not_found`, or `rules_used` if a dossier was filled in with it."""
    updates = installed.updates(workspace.store.folder)
    if not updates:
        raise UserError("Chưa nhận tệp quy định nào.", code="not_found", hint="Không có gì để hoàn tác.")
    about = installed_updates(workspace)[0]
    _refuse_used(workspace, updates[:-1])
    workspace.store.backup(reason="rules")
    genuine.withdraw_update(workspace.store, updates[-1])
    return about


def _refuse_lower(workspace: Workspace) -> None:
    if not workspace.level.decides:
        decider = workspace.forms.levels.first_deciding.in_sentence
        raise UserError(
            f"Chỉ {decider} trở lên lập tệp quy định cho các đơn vị.",
            code="not_province",
            hint=f"Hãy gửi đề nghị thay đổi quy định lên {decider}.",
        )


def _texts(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise UserError(f"Không có thư mục {folder}.", code="no_folder", hint="Hãy chọn thư mục chứa các tệp .toml.")
    texts = {}
    for path in sorted(folder.rglob("*.toml")):
        given_files.refuse_odd_file(path)
        texts[path.relative_to(folder).as_posix()] = path.read_text("utf-8")
    if not texts:
        raise UserError(
            f"Thư mục {folder.name} không có tệp .toml nào.", code="no_rules", hint="Hãy chọn thư mục khác."
        )
    return texts


def _obstacle_of_sender(workspace: Workspace, rules: RuleFile) -> tuple[str, str, str] | None:
    """(code, sentence, hint) of why nothing of this sender can be installed; None if it can."""
    own = workspace.identity
    partner = workspace.store.partners.get(rules.key)
    is_own = partners.known_keys(workspace).get(rules.key) == own.unit.code and workspace.level.decides
    if rules.practice != own.practice:
        kind = "kho thực hành" if rules.practice else "kho thật"
        return "practice", f"Tệp quy định này là của một {kind}.", "Hai bên phải cùng loại kho."
    if not is_own and (partner is None or partner.ended):
        hint = "Hãy nhận tệp nhận diện của đơn vị đó, đọc dấu khoá qua điện thoại, rồi nhận lại tệp quy định."
        return "unknown_sender", f"Chưa biết khoá ký của {rules.name}.", hint
    if not is_own and (partner is None or not partners.has_authority(workspace, partner)):
        decider = workspace.forms.levels.first_deciding.in_sentence
        obstacle = f"{rules.name} không phải {decider} của đơn vị này."
        return "not_province", obstacle, f"Chỉ nhận quy định từ {decider} trở lên."
    return None


def _refuse_replaced(versions: Iterable[str]) -> None:
    if named := "; ".join(versions):
        raise UserError(
            f"Tệp quy định sửa phiên bản đang dùng: {named}.",
            code="used_version",
            hint="Hồ sơ cũ giữ quy định cũ: hãy lập phiên bản mới với ngày áp dụng mới.",
        )


def _stays(form: Form, forms: Forms) -> bool:
    """Whether the version still exists unchanged; only its end date may differ."""
    newer = next((other for other in forms.all if other.reference == form.reference), None)
    return newer is not None and replace(newer, effective_to=form.effective_to) == form


def _refuse_faulty(workspace: Workspace, would_be: Workspace) -> None:
    forms = would_be.forms
    _refuse_replaced(f"{form.label} ({form.reference})" for form in workspace.forms.all if not _stays(form, forms))
    catalogue.refuse_unknown_names(forms)
    if wrong := validation.wrong_definitions(would_be):
        raise UserError("\n".join(wrong), code="bad_forms", hint=_HINT)


def _refuse_used(workspace: Workspace, remaining: list[Path]) -> None:
    """Refuse to remove a form version that a dossier was filled in with; UserError `rules_used`."""
    with private_files.folder() as place:
        target = place / "forms"
        installed.put_together(target, remaining)
        known = {form.reference for form in load(target).all}
    used = {row["form"] for row in workspace.store.query("select distinct form from record", {})}
    if lost := sorted(used - known):
        raise UserError(
            f"Đã có hồ sơ lập theo quy định này ({', '.join(lost)}).",
            code="rules_used",
            hint="Không hoàn tác được nữa; hãy nhận một tệp quy định mới thay cho nó.",
        )
