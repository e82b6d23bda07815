"""Strangers' words quoted to the letter: they show themselves, so their digits are no claims of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.contract import Result, Value
from tools.messages import LANGUAGES, shown


def without_quotes(answer: str, results: Iterable[Result]) -> str:
    """The answer with every quotation that stands in the results word for word blanked, places kept."""
    for quotation in sorted(_quotations(results), key=len, reverse=True):
        answer = answer.replace(quotation, "“" + " " * (len(quotation) - 2) + "”")
    return answer


def _quotations(results: Iterable[Result]) -> set[str]:
    return {
        shown(value, language)
        for result in results
        for finding in (*result.findings, *result.assumptions, *result.warnings)
        for value in _quotes(finding.values.values())
        for language in LANGUAGES
    }


def _quotes(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value.value, list):
            yield from _quotes(value.value)
        elif value.kind == "quote" and str(value.value).strip():
            yield value
