"""What a change of rules does to the dossiers of the store."""

from kcdesk.later import import_later

import_later(__name__)
