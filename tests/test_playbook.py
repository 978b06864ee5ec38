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


def test_mappings_and_effects_are_taken_and_lines_are_told():
    book = Playbook.from_documents(
        wording={"threshold": 0.9}, effects={"pushes": {"act": {"pleasure": 0.5}}}
    )
    assert book.wording.threshold == 0.9
    assert set(book.effects.pushes) == {"act"}
    with pytest.raises(DocumentError) as caught:
        Playbook.from_documents(wording="\nthreshold = 2", terms="\n\ncurrency = 3")
    assert {(each.path, each.line) for each in caught.value.problems} == {
        ("wording.threshold", 2), ("terms.currency", 3),
    }  # fmt: skip
    with pytest.raises(DocumentError) as caught:
        Playbook.from_documents(wording={f"key {number}": 1 for number in range(130)})
    assert (len(caught.value.problems), caught.value.more) == (100, 30)


def test_a_check_is_that_of_every_part():
    book = Playbook.from_documents(wording="[limits]\nfurious = 0.1")
    report = book.check(laws=())
    assert [each.place for each in report if each.severity == "warning"] == [
        "wording.limits.furious"
    ]
    assert not report
    assert any(each.text == "danger wins over everything else" for each in report.proved)
    assert set(report.meanings) > {"limits-cross", "gap", "broken-law"}
