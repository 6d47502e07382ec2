"""What the log says, as known on a day, and the tables of that day. Not here: publishing (``jobs.release``)."""
