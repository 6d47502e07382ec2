"""What the log holds, as known on a day, and the tables of that day. Not here: publishing (``jobs.release``)."""
