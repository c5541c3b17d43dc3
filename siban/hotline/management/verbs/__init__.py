"""The verbs of `siban hotline`: each module has NAME, HELP, add_arguments and run."""
