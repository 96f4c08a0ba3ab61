"""How platforms differ at their services: one module a platform. `known.PROFILES` has them by name."""
