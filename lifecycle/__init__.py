"""What goes from status to status: the moves there are, and the refusals of the others."""
