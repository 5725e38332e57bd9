"""Changes that are read together: those that do the same, and those that differ in a few values."""
