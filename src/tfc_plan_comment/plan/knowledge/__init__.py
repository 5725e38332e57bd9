"""Our knowledge of providers that no plan brings along. Each table is a data file; `rules` is how the rest asks."""
