"""The door of the server: who comes in, and what may be asked from a browser.

Around Prefect's own application stands one of ours. A machine (worker, watchman, a flow) shows the machine's secret; a
person logs in and holds a session. Here: both ways in, the list of what a browser may ask, who decided, and what leaves
the door. Not here: starting the server (``server.serve``), any flow.
"""
