"""What a tool answers on the web, in no framework's terms: each framework's adapter translates to and from this."""
