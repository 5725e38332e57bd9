"""The user's wishes: the inputs' texts become one frozen, checked value."""
