"""What the law on personal data asks of the store: erasing, restricting, and who saw what."""

from kcdesk.later import import_later

import_later(__name__)
