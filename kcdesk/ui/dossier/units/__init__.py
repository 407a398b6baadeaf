"""What pages offer for the register of beneficiaries: merging, changes with their days, «Đã được hỗ trợ?»."""

from kcdesk.later import import_later

import_later(__name__)
