"""`./portal fix`: what can be put right without thinking."""

import sys

from dev.check import run, templates


def main() -> None:
    left = [
        run("ruff", "check", "--fix", "."),
        run("ruff", "format", "."),
    ]
    # djade ends with 1 when it has changed a file; a second run tells whether all is well.
    run("djade", "--target-version", "5.2", *templates())
    left.append(run("djade", "--check", "--target-version", "5.2", *templates()))
    remaining = "".join(left).strip()
    if remaining:
        sys.exit(remaining)
    print("Code und Vorlagen sind in Form.")


if __name__ == "__main__":
    main()
