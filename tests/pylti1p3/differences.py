"""What this package does where it differs from the old one: `python -m tests.pylti1p3.differences` records it.

It writes different.json. Read what git shows of it: each change is one that users will notice.
"""

from tests.pylti1p3.behaviour import RECORDED, behaviour, read, written


def main() -> None:
    """Write what differs."""
    old, new = read("behaviour"), behaviour("lti_adapters.pylti1p3")
    (RECORDED / "different.json").write_text(written({case: new[case] for case in new if new[case] != old[case]}))


if __name__ == "__main__":
    main()
