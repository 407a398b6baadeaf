"""«Vì sao có số này?»: every number as a tree of its parts, with rules, people, days and papers."""
