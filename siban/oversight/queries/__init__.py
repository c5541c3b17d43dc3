"""What oversight reads, by question: tables of figures, snapshots, targets, gaps."""
