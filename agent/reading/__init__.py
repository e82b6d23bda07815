"""Reading a question without a model: its numbers, dates, products, places, channels and languages.

Pure and quick (a few milliseconds), in English, Chinese, German, French, Spanish and Japanese.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.reading.channels import channels_in
from agent.reading.countries import countries_in
from agent.reading.dates import calendar_spans, dates_in
from agent.reading.languages import language_of, languages_in
from agent.reading.names import skus_in, unknown_sku_codes
from agent.reading.numbers import numbers_in
from agent.reading.said import (
    ChannelSaid,
    CountrySaid,
    DateSaid,
    LanguageSaid,
    NumberSaid,
    SkuSaid,
    UnknownSku,
)
from shop.warehouse import Vocabulary

__all__ = [
    "ChannelSaid", "CountrySaid", "DateSaid", "LanguageSaid", "NumberSaid", "Reading", "SkuSaid", "UnknownSku",
    "channels_in", "countries_in", "dates_in", "language_of", "languages_in", "numbers_in", "read", "skus_in",
    "unknown_sku_codes",
]  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a text says. Digits of product names, codes and calendar dates are not among its numbers;
    "30 days" is both a number (30, day) and a duration among the dates."""

    text: str
    language: str
    numbers: tuple[NumberSaid, ...]
    dates: tuple[DateSaid, ...]
    skus: tuple[SkuSaid, ...]
    unknown_skus: tuple[UnknownSku, ...]
    countries: tuple[CountrySaid, ...]
    channels: tuple[ChannelSaid, ...]
    languages: tuple[LanguageSaid, ...]

    @property
    def sku_codes(self) -> tuple[str, ...]:
        """The SKUs said, each once."""
        return tuple(dict.fromkeys(said.sku for said in self.skus))

    @property
    def country_codes(self) -> tuple[str, ...]:
        """The countries said, each once."""
        return tuple(dict.fromkeys(said.country for said in self.countries))

    @property
    def channel_names(self) -> tuple[str, ...]:
        """The channels said, each once."""
        return tuple(dict.fromkeys(said.channel for said in self.channels))

    @property
    def language_codes(self) -> tuple[str, ...]:
        """The output languages asked for, each once."""
        return tuple(dict.fromkeys(said.language for said in self.languages))


def read(text: str, vocabulary: Vocabulary, language: str | None = None) -> Reading:
    """Read a question. Product names are found first, so that "750 ml bottle" is a product and no number."""
    language = language or language_of(text)
    skus = skus_in(text, vocabulary)
    unknown = unknown_sku_codes(text, vocabulary, skus)
    names = [said.span for said in skus] + [said.span for said in unknown]
    dates = dates_in(text, vocabulary.as_of, language, names)
    numbers = numbers_in(text, language, names + calendar_spans(dates))
    return Reading(
        text, language, tuple(numbers), tuple(dates), tuple(skus), tuple(unknown),
        tuple(countries_in(text)), tuple(channels_in(text, vocabulary)), tuple(languages_in(text)),
    )  # fmt: skip
