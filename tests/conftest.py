"""For all tests: where the examples of the property tests come from.

On a build machine they are the same every time, so a build never fails by luck; elsewhere they are new every time.
"""

import os

from hypothesis import settings

settings.register_profile("build", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("build")
