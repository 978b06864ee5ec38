"""A Haystack pipeline whose generator is under the guard."""

from haystack import Pipeline
from haystack.components.generators.chat import MockChatGenerator

from deescalate import Guard, Playbook
from deescalate.guard.haystack import GuardedGenerator

GOOD = "I'm sorry that it is late. I have asked the depot where it is."
drafts = ["You need to calm down.", GOOD]
generator = MockChatGenerator(drafts)  # yours instead

pipeline = Pipeline()
pipeline.add_component("desk", GuardedGenerator(generator, Guard(Playbook.default())))
said = {"text": "Where is my parcel? It was due on Monday!", "turn_id": "m1"}
found = pipeline.run({"desk": said})["desk"]
print(found["replies"][0].text)
print(found["replies"][0].meta["guard"])
assert found["replies"][0].text == GOOD
kept = found["talk"]  # give it back as `talk` with what the customer says next
