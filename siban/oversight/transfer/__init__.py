"""相对集中行政许可权划转: batches of items moved to the approval bureau by a signed memo."""
