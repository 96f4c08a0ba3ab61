"""The interface of the package `pylti1p3` 2.0.0, name for name, over this library: change the imports only."""

__version__ = "2.0.0"
