"""Check that the definitions of a workspace can be read and used."""

from __future__ import annotations

from collections.abc import Callable

from kcdesk.errors import UserError
from kcdesk.formdef.forms import COMMON
from kcdesk.formdef.loading import released
from kcdesk.formdef.loading.placeholder_names import load_placeholders
from kcdesk.formdef.regulations import dated_names, governing_days, package_pages, territories
from kcdesk.reports import definitions
from kcdesk.reports.summary import definitions as summary_definitions
from kcdesk.services.papers.own_forms import kept_forms
from kcdesk.services.questions import saved_views
from kcdesk.services.workspace import Workspace


def wrong_definitions(workspace: Workspace) -> list[str]:
    """List errors in the definitions that are loaded lazily; if there are none, the released versions that changed."""
    readers: tuple[Callable[[], object], ...] = (
        lambda: workspace.forms.checklist(COMMON, workspace.today()),
        lambda: workspace.norms,
        lambda: workspace.areas,
        lambda: workspace.eligibility,
        lambda: workspace.layouts,
        lambda: workspace.calendar,
        lambda: workspace.forms.outlines,
        lambda: workspace.priorities,
        lambda: workspace.procedures,
        lambda: workspace.evidence,
        lambda: workspace.retention,
        lambda: workspace.phrases,
        lambda: workspace.warnings,
        lambda: governing_days.load_governing_days(workspace.forms.folder, workspace.forms),
        lambda: dated_names.load_names(workspace.forms.folder, workspace.forms),
        lambda: territories.load_territories(workspace.forms.folder, workspace.forms),
        lambda: package_pages.of(workspace.forms),
        lambda: load_placeholders(workspace.forms),
        lambda: definitions.of_forms(workspace.forms),
        lambda: summary_definitions.of_forms(workspace.forms),
    )
    wrong = [sentence for read in readers if (sentence := _refusal(read))]
    return wrong or [*_wrong_views(workspace), *_wrong_word_forms(workspace), *_changed_versions(workspace)]


def _wrong_views(workspace: Workspace) -> list[str]:
    try:
        return saved_views.wrong_shared_views(workspace)
    except UserError as error:  # a file of views cannot be read
        return [error.sentence()]


def _wrong_word_forms(workspace: Workspace) -> list[str]:
    if not (workspace.forms.folder / kept_forms.FOLDER).is_dir():
        return []
    from kcdesk.services.papers.own_forms import checking  # loads docx

    return list(checking.wrong_forms(workspace))


def _changed_versions(workspace: Workspace) -> list[str]:
    try:
        return released.changed(workspace.forms)
    except UserError as error:  # the manifest of released versions cannot be read
        return [error.sentence()]


def _refusal(read: Callable[[], object]) -> str:
    try:
        read()
    except UserError as error:
        return error.sentence()
    return ""
