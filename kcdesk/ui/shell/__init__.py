"""What every page receives: context, messages, worker, and the `Page` base class."""

from kcdesk.later import import_later

import_later(__name__)
