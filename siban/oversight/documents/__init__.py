"""Official documents written from figures: what they are made of, how each kind is drafted, how it is set on paper."""
