"""Pure: what the plan says."""
