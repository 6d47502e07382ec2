"""The order of steps: ingest, release, run. Joins ``core`` to ``store``; decides nothing about data itself."""
