"""The HTML that a browser sees: rendered here for every framework, which only sends it."""
