"""What LTI 1.3 says, as values and plain functions. No network, no disk, no framework, no wall clock."""
