"""What can go wrong in the field, kind by kind."""
