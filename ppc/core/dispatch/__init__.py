"""How the plant's set-points are shared among its units, by policy."""
