"""Pure: what the reviewer sees."""
