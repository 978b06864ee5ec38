"""Simulated customers who react, to study a way of answering and to test a bot with."""

from deescalate._public import publish
from deescalate.simulation._agents import (
    AGENTS,
    AtRandom,
    ByPlan,
    Texting,
    at_random,
    by_plan,
    defensive,
    person_only,
    script_reader,
    silent,
    solution_first,
    spammer,
    texting,
)
from deescalate.simulation._assumptions import Assumption, Assumptions, SalibProblem
from deescalate.simulation._bots import Bot
from deescalate.simulation._card import CardDifference, ReportCard
from deescalate.simulation._columns import Results
from deescalate.simulation._customers import Customer, Grievance, Manner, customers, manners
from deescalate.simulation._drill import adrill, drill
from deescalate.simulation._episodes import Batch, bar, run_episodes
from deescalate.simulation._heard import DRILL_LAWS
from deescalate.simulation._minds import Mind, react
from deescalate.simulation._noise import Noise
from deescalate.simulation._population import Population
from deescalate.simulation._practice import practise
from deescalate.simulation._results import (
    GRADE_RULE,
    BrokenLaw,
    DrillEnding,
    Exchanged,
    ScenarioResult,
)
from deescalate.simulation._said import HARMS, Said
from deescalate.simulation._scenarios import (
    STANDARD,
    Goal,
    Hardness,
    Matter,
    Scenario,
    Scenarios,
)
from deescalate.simulation._scenes import (
    Agent,
    Cost,
    Episode,
    Outcome,
    Round,
    Scene,
    Seen,
    Sight,
    Tracker,
    play,
)
from deescalate.simulation._studies import Cell, Study
from deescalate.simulation._tracking import Tracking, follow, tracking
from deescalate.simulation._voices import Utterance, speak, voice

__all__ = [
    "AGENTS",
    "Agent",
    "Assumption",
    "Assumptions",
    "AtRandom",
    "Batch",
    "Bot",
    "BrokenLaw",
    "ByPlan",
    "CardDifference",
    "Cell",
    "Cost",
    "Customer",
    "DRILL_LAWS",
    "DrillEnding",
    "Episode",
    "Exchanged",
    "GRADE_RULE",
    "Goal",
    "Grievance",
    "HARMS",
    "Hardness",
    "Manner",
    "Matter",
    "Mind",
    "Noise",
    "Outcome",
    "Population",
    "SalibProblem",
    "ReportCard",
    "Results",
    "STANDARD",
    "Said",
    "Scenario",
    "ScenarioResult",
    "Scenarios",
    "Scene",
    "Seen",
    "Sight",
    "Study",
    "Texting",
    "Tracker",
    "Tracking",
    "Round",
    "Utterance",
    "adrill",
    "at_random",
    "bar",
    "by_plan",
    "customers",
    "defensive",
    "drill",
    "follow",
    "manners",
    "person_only",
    "play",
    "practise",
    "react",
    "run_episodes",
    "script_reader",
    "silent",
    "solution_first",
    "spammer",
    "speak",
    "texting",
    "tracking",
    "voice",
]

publish(__name__, __all__, globals())
