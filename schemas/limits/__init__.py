"""Every threshold: how much, how long, how far. Changing one changes what a file, a row or a figure is, so it names the
rules and the tables anew.

In the order of the river: ``files`` (files, cells and rows), ``deliveries`` (the gates), ``figures``. Not here: words and
closed lists (``vocabulary``), code lists with their validity (``reference``), sizes of blocks and numbers of workers,
which change nothing but speed (beside the code that uses them).
"""
