"""What is done in oversight, by stage of the procedure."""
