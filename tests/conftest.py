"""What all tests have in common."""

import signal

from hypothesis import settings

# Nothing here asks how long something takes: a busy machine must not fail a property.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

# A shell lets its background jobs ignore Ctrl-C, and what such a job starts inherits that. Tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)
