"""The tests on every Python, and on the lowest and the newest dependencies: `nox`."""

import nox

nox.options.sessions = ["tests", "lowest"]
LOWEST = ("attrs==24.3.0", "typing-extensions==4.12.2", "cattrs==25.2.0")


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run the tests with the newest dependencies."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "2", "--dist", "loadfile", *session.posargs)


@nox.session(python="3.11")
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest dependencies of the library itself."""
    session.install("-e", ".[test]", *LOWEST)
    session.run("pytest", "-q", "-n", "2", "--dist", "loadfile", *session.posargs)
