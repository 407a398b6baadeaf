"""What the rules in force allow a proposal: ceilings, funding, eligibility, earlier support."""
