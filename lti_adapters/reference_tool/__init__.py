"""The reference tool: a complete tool that shows what a launch brings. For trying platforms out, and to learn from."""
