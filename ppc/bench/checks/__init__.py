"""What may be expected of a case, one kind of check a file."""
