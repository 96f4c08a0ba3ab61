"""`python -m lti_adapters.cli`, where the `lti` script is not on the path."""

from lti_adapters.cli import main

main()
