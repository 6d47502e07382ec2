"""Names of codes, and the calendar: the curated tables that others are joined with. Not here: any figure."""
