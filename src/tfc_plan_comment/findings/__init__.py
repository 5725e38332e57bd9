"""Pure: what a run says beside its plan, each kind with its values, its verdict and its sentence."""
