"""What the user may ask for: the inputs' texts become one frozen, checked value."""
