"""What the rules in force allow a proposal: ceilings, funding, eligibility, earlier support."""

from kcdesk.later import import_later

import_later(__name__)
