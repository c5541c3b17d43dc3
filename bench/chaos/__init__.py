"""Faults on purpose: the product under 32 clients is killed again and again, and nothing acknowledged may be lost."""
