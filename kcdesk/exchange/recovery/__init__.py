"""Files of the recovery key: offer and consent as signed pages, the request and the answer of a lost store."""

from kcdesk.later import import_later

import_later(__name__)
