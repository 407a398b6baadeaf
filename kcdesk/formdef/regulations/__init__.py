"""Regulations as data: ceilings, deadlines, eligibility, priorities, procedures."""

from kcdesk.later import import_later

import_later(__name__)
