"""Looking after a data folder: maintain, doctor, verify. Not here: how a step is done (``store``)."""
