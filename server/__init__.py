"""The server, its worker and its watchman, started and kept alive. Not here: any flow (``flows``)."""
