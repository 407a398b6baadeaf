"""«Dữ liệu về một người»: found, printed, restricted, erased; who saw it; what is past its term."""
