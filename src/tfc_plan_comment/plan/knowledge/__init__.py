"""What we know of providers that no plan says. Each table is a data file; `rules` is how the rest asks."""
