"""Whether explanations are sufficient and necessary, tried on random figures of random histories.

``python -m tests.explained --cells 2000`` prints figures per table; a share runs in every test run.
"""
