"""The staff side of cases: inbox, case page, counter."""
