"""The dossiers that a change of rules would touch, before it is made: by new files, by taking the last ones back."""

from __future__ import annotations

from collections.abc import Mapping

from kcdesk.formdef.law.law_files import read_law
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.effects.touched_dossiers import TouchedDossier, touched_dossiers
from kcdesk.services.law import store_register
from kcdesk.services.rulebook import installed, trial
from kcdesk.services.workspace import Workspace
from kcdesk.temporary import private_files


def touched_by_files(
    workspace: Workspace, files: Mapping[str, str], progress: Progress = ignore_progress
) -> list[TouchedDossier]:
    """List the dossiers that files of rules, {name: TOML}, would touch; FormsError if they cannot be read."""
    with trial.workspace_with(workspace, files) as would_be:
        return touched_dossiers(workspace, workspace.forms, would_be.forms, progress)


def touched_by_undoing(workspace: Workspace, progress: Progress = ignore_progress) -> list[TouchedDossier]:
    """List the dossiers that taking back the newest file of rules would touch."""
    with private_files.folder() as place:
        target = place / "forms"
        installed.put_together(target, installed.updates(workspace.store.folder)[:-1])
        forms = store_register.with_register(workspace, load(target))
        return touched_dossiers(workspace, workspace.forms, forms, progress)


def touched_by_instrument(
    workspace: Workspace, number: str, progress: Progress = ignore_progress
) -> list[TouchedDossier]:
    """List the dossiers touched by what this office has entered and compared of one instrument."""
    law = workspace.forms.law
    files = read_law(workspace.forms.folder, Faults(), without=store_register.own_file(workspace)).instruments
    of_files = {entry.id: entry for entry in files}
    others = [entry for entry in law.declared if entry.id != number]
    shipped = [of_files[number]] if number in of_files else []
    checks = [check for check in law.checks if check.instrument != number]
    before = workspace.forms.with_law(LawRegister([*others, *shipped], checks))
    return touched_dossiers(workspace, before, workspace.forms, progress)
