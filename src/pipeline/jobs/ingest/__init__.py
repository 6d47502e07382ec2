"""From a raw file to events and a receipt: discovery, one file from open to commit. Not here: rules (``intake``)."""
