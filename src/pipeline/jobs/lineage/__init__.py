"""From a figure back to files and rows. Not here: which rows decide a figure (each projection declares that itself)."""
