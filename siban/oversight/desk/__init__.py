"""Staff pages of oversight, one file a subject."""
