"""Reference models, written from their published equations; nothing of ours inside."""
