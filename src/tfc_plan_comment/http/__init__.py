"""HTTP with whatever server: what a request carries, how long it may take, when it is repeated."""
