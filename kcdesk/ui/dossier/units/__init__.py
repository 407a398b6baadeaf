"""What pages offer for the register of beneficiaries: merging, changes with their days, «Đã được hỗ trợ?»."""
