"""What a tool must remember, and where. One package per backend; each is imported only when asked for."""
