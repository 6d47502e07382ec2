"""The pages of a release, for who opens neither Prefect nor a table: in Dutch, each with an English twin.

Here: from the tables of a release and the declarations to the bytes of its pages, style sheet and drawings included.
Not here: any figure (the projections), files (``store.releases.site_files``), when the pages are made
(``jobs.release.dressing``), who may open them over the network (``server.guard.site``).
"""
