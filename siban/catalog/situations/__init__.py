"""情形: the questions that decide what a person has to bring, how long it takes and what it costs."""
