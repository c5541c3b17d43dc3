"""Tests of figures, targets and snapshots."""
