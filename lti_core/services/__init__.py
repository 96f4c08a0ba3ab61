"""Services of a platform: class list, grades, groups. Commands are immutable values, and do no I/O."""
