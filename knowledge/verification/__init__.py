"""Whether a sentence of copy is supported by what it cites, and may be said at all."""

from knowledge.verification.verdict import CODES, Code, Reason, Verdict
from knowledge.verification.verify import verify

__all__ = ["CODES", "Code", "Reason", "Verdict", "verify"]
