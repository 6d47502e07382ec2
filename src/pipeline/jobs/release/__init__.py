"""From log to release: projecting, publishing, history, differences, going back. Not here: any figure."""
