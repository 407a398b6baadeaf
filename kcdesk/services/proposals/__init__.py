"""What only proposals do: appraisal, approval, adjustment, move to the local plan."""
