"""How the world reaches the core: frameworks, HTTP, the command line. Each is imported only when asked for."""
