"""Bots for the tests of drills: one that follows the plan, and those that no plan would make."""

from deescalate import Playbook
from deescalate.conversation import from_messages
from deescalate.simulation import STANDARD, Goal
from deescalate.simulation._course import MONDAY

BOOK = Playbook.default()
OPENINGS = {each.opening: each for each in STANDARD}


def insulting(text):
    return "Calm down, you idiot. This is your own fault."


def spamming(text):
    return "ok"


def flattering(text):
    return "You are such a wonderful customer and we love you so much!"


def silent(text):
    return ""


def canned(text):
    return "We are sorry for the inconvenience. We will get back to you soon."


BAD = (insulting, spamming, flattering, silent)


def by_the_plan(messages):
    """Says what the shipped strategy plans, in its own phrases, with what this house can do."""
    said = [each for each in messages if each["role"] != "system"]
    scenario = OPENINGS[said[0]["content"]]
    no = scenario.goal is Goal.DECLINE
    talk = BOOK.open(at=MONDAY)
    talk = talk.learned(at=MONDAY, fault=scenario.fault, can_meet="no" if no else "yes")
    for event in from_messages(said, opened_at=MONDAY)[1:]:
        talk = talk.then(event)
    remedy = "a photo check" if no else f"the {(scenario.remedies or ('help',))[0]}"
    values = {
        **{"name": "there", "agent": "Robin", "matter": "what happened here", "feeling": "let down"},
        **{"story": "it took far too long", "words": "that", "fact": "what is your order number"},
        **{"topic": "your order", "cause": "our system made a mistake", "request": "that"},
        **{"reason": "nobody here may do that", "remedy": remedy, "deed": f"seeing to {remedy}"},
        **{"step": f"I see to {remedy}", "time": "by 4 pm today", "first": remedy},
        **{"second": "a call back", "strength": "telling us at once", "helper": "Anna, my colleague"},
        **{"truth": "that it took too long", "behaviour": "the insults"},
        **{"consequence": "I end this chat"},
    }
    return " ".join(each.text for each in talk.plan.phrases(variant=len(said) // 2, values=values))
