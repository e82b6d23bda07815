"""What can go wrong with a chat model, each in one sentence a person can act on."""


class ModelError(Exception):
    """The model cannot be used; the message says what to do about it."""
