"""The pytest plug-in: fixtures for testing a tool against a simulated platform."""
