"""The bench: what the plant did, measured and judged against the law."""
