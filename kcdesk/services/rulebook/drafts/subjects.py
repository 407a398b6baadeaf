"""The kinds of rules that an officer can type, besides norms and lists of areas."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.services.rulebook.drafts.deadline_drafts import DeadlineSubject
from kcdesk.services.rulebook.drafts.eligibility_drafts import EligibilitySubject
from kcdesk.services.rulebook.drafts.payment_drafts import PaymentSubject
from kcdesk.services.rulebook.drafts.rule_entries import RuleSubject

SUBJECTS: tuple[RuleSubject, ...] = (DeadlineSubject(), PaymentSubject(), EligibilitySubject())


def subject_of(name: str) -> RuleSubject:
    """The subject of a name; UserError `unknown_subject`."""
    for subject in SUBJECTS:
        if subject.name == name:
            return subject
    known = ", ".join(subject.name for subject in SUBJECTS)
    raise UserError(f"Không có loại quy định «{name}».", code="unknown_subject", hint=f"Có: {known}.")
