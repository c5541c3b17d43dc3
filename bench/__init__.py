"""Speed as ratios within one run: ours ÷ the same work in plain SQL (or nginx), interleaved, medians of several rounds."""
