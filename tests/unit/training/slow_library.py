"""A library that takes longer to load than the limits of the tests that load it."""

import time

time.sleep(1.2)
