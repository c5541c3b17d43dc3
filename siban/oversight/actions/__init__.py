"""What oversight does, one file a subject."""
