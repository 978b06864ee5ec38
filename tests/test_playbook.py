"""One bundle of all the tables and settings, from documents or as shipped."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from deescalate import Playbook, Reading
from deescalate.errors import DocumentError, quoted
from deescalate.reading import LanguageReader
from deescalate.strategy import default_document

POLICY = files("deescalate.escalation").joinpath("data/default.toml").read_text("utf-8")


def test_the_shipped_documents_give_the_shipped_playbook():
    book = Playbook.from_documents(strategy=default_document(), escalation=POLICY)
    assert book == Playbook.default()
    assert book.temperament == book.exchange.customer


def test_all_problems_of_all_documents_are_told_at_once():
    with pytest.raises(DocumentError) as caught:
        Playbook.from_documents(
            strategy=default_document().replace("acknowledged = ", "acknowleged = ", 1),
            escalation=POLICY.replace('current = "tier"', 'current = "teir"').replace(
                "distress = 0\n", "distres = 0\n"
            ),
        )
    places = {problem.path.split(".")[0] for problem in caught.value.problems}
    assert places == {"strategy", "escalation"}


def test_another_reader_can_read():
    class Deaf:
        def read(self, text: str) -> Reading:  # noqa: ARG002  a deaf reader
            return Reading()

    book = Playbook.from_documents(reader=Deaf())
    talk = book.open(at=datetime(2026, 1, 5, tzinfo=UTC)).customer_says(
        "you idiots", at=datetime(2026, 1, 5, tzinfo=UTC)
    )
    assert talk.reading == Reading()
    assert Playbook.default().reader == LanguageReader()


def test_a_value_whose_repr_fails_is_still_named():
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert quoted(Broken()) == "`<Broken>`"
