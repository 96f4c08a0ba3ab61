"""Every Python block of every page is run. Blocks of one page share their names, and a folder.

testing.md is a set of test files: tests/docs/test_testing_page.py hands them to pytest.
"""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from lti_adapters.imported import imported

# Imported late: the process that only hands tests out to others loads this file, too.
begin, end = imported("tests.docs.page:begin"), imported("tests.docs.page:end")

pytest_collect_file = Sybil(
    [PythonCodeBlockParser()], patterns=["*.md"], excludes=["testing.md"], setup=begin, teardown=end
).pytest()
