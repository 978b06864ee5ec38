"""Haystack's pipelines under the guard, with its own fake generator."""

import pytest

pytest.importorskip("haystack", reason="haystack-ai is not installed")

from haystack import Pipeline
from haystack.components.generators.chat import MockChatGenerator

from deescalate.guard import Guard
from deescalate.guard.haystack import GuardedGenerator
from deescalate.playbook import Playbook

BOOK = Playbook.default()
GUARD = Guard(BOOK, seconds=60.0)
GOOD = "I'm sorry that it is late. I have asked the depot where it is."
BAD = "You need to calm down. It is not our fault."
SAID = "Where is my parcel? It was due on Monday."


def run(generator, **given):
    pipeline = Pipeline()
    pipeline.add_component("desk", GuardedGenerator(generator, GUARD))
    found = pipeline.run({"desk": {"text": SAID, **given}})["desk"]
    return found["replies"][0], found["talk"]


def test_a_good_draft_is_sent_and_a_turn_is_heard_once():
    reply, kept = run(MockChatGenerator(GOOD), turn_id="t1", facts=["it is in Leeds"])
    assert (reply.text, reply.meta["guard"]["how"]) == (GOOD, "sent")
    again, same = run(MockChatGenerator(BAD), talk=kept, turn_id="t1")
    assert (again.text, again.meta["guard"]["how"], same) == (GOOD, "repeated", kept)


def test_a_bad_draft_is_asked_for_again():
    asked = []

    def answer(messages):
        asked.append(messages)
        return BAD if len(asked) == 1 else GOOD

    reply, _ = run(MockChatGenerator(response_fn=answer))
    assert (reply.text, reply.meta["guard"]["how"]) == (GOOD, "retried")
    assert [each.role.value for each in asked[0]] == ["system", "user"]
    assert "`You need to calm down`" in asked[1][0].text


class Broken:
    def run(self, messages):  # noqa: ARG002
        raise OSError("down")


@pytest.mark.parametrize("generator", [MockChatGenerator(BAD), Broken()])
def test_whatever_the_generator_does_something_may_be_sent(generator):
    reply, kept = run(generator)
    assert reply.meta["guard"]["how"] == "replaced"
    assert BOOK.resume(kept).turns[-1].event.text == reply.text
