"""What only proposals do: appraisal, approval, adjustment, move to the local plan."""

from kcdesk.later import import_later

import_later(__name__)
