"""What can go wrong with the brand's memory, each in one sentence a person can act on."""


class KnowledgeError(Exception):
    """The memory cannot do what was asked; the message says what is allowed instead."""


class KnowledgeLocked(KnowledgeError):
    """Another process holds the memory, so this one may only read; the message names it."""
