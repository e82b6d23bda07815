"""What can go wrong with the books, each in one sentence a person can act on."""


class ShopError(Exception):
    """The shop cannot do what was asked; the message says what is allowed instead."""


class ShopLocked(ShopError):
    """Another process is writing to the shop; the message names it."""
