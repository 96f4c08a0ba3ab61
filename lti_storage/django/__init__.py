"""Storage in Django's database, by its ORM, and in its caches. The models continue those of the `pylti1p3` package."""
