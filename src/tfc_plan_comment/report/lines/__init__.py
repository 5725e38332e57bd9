"""A difference as lines and cells: values, with what had to be cut in them."""
