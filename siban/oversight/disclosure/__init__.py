"""政务公开: the catalogue of each unit, what was published under it, what is overdue, and counts that add up or are flagged."""
