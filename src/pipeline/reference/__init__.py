"""The pages in ``docs/reference``, rendered from the declarations. Not here: the declarations (``schemas``)."""
