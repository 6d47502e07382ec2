"""Rules that do not belong to one source: about files, single values, whole deliveries, and relations between them."""
