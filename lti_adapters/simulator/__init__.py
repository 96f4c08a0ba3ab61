"""A simulated LTI platform, for tests and demonstrations. It reaches a tool as browsers do, and shares nothing with it.

`platform.SimulatedPlatform` is the library, `pytest_plugin` the fixtures, `web` the page for people.
"""
