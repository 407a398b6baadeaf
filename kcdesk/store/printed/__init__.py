"""What has left the office on paper without being the paper of a record."""

from kcdesk.later import import_later

import_later(__name__)
