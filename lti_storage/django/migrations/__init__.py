"""0001 is the database of the `pylti1p3` package as it stands; the others add to it."""
