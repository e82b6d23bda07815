"""Law 2: every number, date and SKU shown is proven by this turn's results or by the operator's own words."""

from agent.proof.judge import Claim, Verdict, prove
from agent.proof.withhold import withhold

__all__ = ["Claim", "Verdict", "prove", "withhold"]
