"""What buyers wrote: reviews composed from clause banks, so that returns have words behind them.

A review is drawn in three steps: which aspects the buyer complains about and praises, which rating
follows from that, and in which words it is said. Complaint rates per SKU are the ones that also show
up as return reasons (small vests, a leaking lid after a change of gasket, a mat that smells).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CLAUSES = Path(__file__).parent / "texts" / "clauses"
LANGUAGE_OF = {"US": "en", "GB": "en", "DE": "de", "FR": "fr", "JP": "ja"}
CHINESE_ON_ALIBABA = 0.6  # share of reviews
CHINESE_AT_RETAIL = 0.06  # Chinese speakers live in every country the shop sells in
ENGLISH_ABROAD = 0.05
UNSPACED = ("ja", "zh")
REDRAWS = 12


@dataclass(frozen=True)
class Tendency:
    """A chance that a review of a SKU names an aspect, within dates and countries; None = always, everywhere."""

    sku: str
    aspect: str
    chance: float
    praise: bool = False
    start: date | None = None
    end: date | None = None
    countries: tuple[str, ...] | None = None

    def holds(self, sku: str, country: str, day: date) -> bool:
        """Whether a review of this SKU, from this country, on this day can show it."""
        return (
            self.sku == sku
            and (self.start is None or self.start <= day)
            and (self.end is None or day <= self.end)
            and (self.countries is None or country in self.countries)
        )


TENDENCIES: tuple[Tendency, ...] = (
    Tendency("VEST-HI", "size", 0.62),
    Tendency("BOT-500", "lid", 0.65, start=date(2026, 7, 1)),
    Tendency("MAT-TPE", "smell", 0.55, countries=("JP", "DE")),
    Tendency("MAT-TPE", "smell", 0.35, countries=("US", "GB", "FR")),
    Tendency("MAT-TPE", "length", 0.5, start=date(2026, 3, 1), end=date(2026, 7, 15), countries=("FR",)),
    Tendency("BELT-RUN", "zip", 0.4, start=date(2026, 7, 1)),
    Tendency("GEL-24", "taste", 0.32),
    Tendency("GEL-24", "expiry", 0.28),
    Tendency("CAP-UV", "fade", 0.26),
    Tendency("TOW-ICE", "cool", 0.7, praise=True),
    Tendency("SOCK-3P", "blisters", 0.75, praise=True),
)
SEASONAL_ONLY = {"BOT-500": ("lid",), "MAT-TPE": ("length",)}  # never blamed outside its tendency
OTHER_BLAME = {
    "VEST-HI": 0.06, "BOT-500": 0.12, "MAT-TPE": 0.08, "TOW-ICE": 0.07, "GEL-24": 0.0, "SOCK-3P": 0.1, "CAP-UV": 0.08,
}  # fmt: skip
USUAL_BLAME = 0.22


@cache
def clause_bank(language: str) -> dict[str, Any]:
    """The clauses reviews of a language are made of, by SKU, praise or blame, and aspect."""
    bank: dict[str, Any] = yaml.safe_load((CLAUSES / f"{language}.yaml").read_text(encoding="utf-8"))
    return bank


@cache
def _strangers() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load((CLAUSES / "strangers.yaml").read_text(encoding="utf-8")))


def write_reviews(rng: np.random.Generator, sales: pd.DataFrame) -> list[dict[str, Any]]:
    """One review per row of `sales` (columns sku, country, channel, day), as dicts with the fields of Review.

    The same generator state and rows give the same reviews. A few rows get a fixed text written by a
    stranger instead (false claims, instructions aimed at an assistant) where the row's SKU fits.
    Raises KeyError for a SKU that has no clause bank.
    """
    rows = list(zip(sales["sku"], sales["country"], sales["channel"], sales["day"], strict=True))
    fixed = _place_strangers(rng, rows)
    seen: set[str] = set()
    reviews = []
    for number, (sku, country, channel, day) in enumerate(rows):
        written = _iso_day(day)
        if stranger := fixed.get(number):
            body = {key: stranger[key] for key in ("language", "rating", "title", "text")}
        else:
            language = _language(rng, country, channel)
            body = _compose(rng, sku, country, channel, written, language)
            for _ in range(REDRAWS):
                if body["text"] not in seen:
                    break
                body = _compose(rng, sku, country, channel, written, language)
        seen.add(body["text"])
        reviews.append(
            {"review_id": f"R{number + 1:05d}", "reviewed_on": written, "sku": sku, "country": country}
            | {"channel": channel}
            | body
        )
    return reviews


def _iso_day(day: Any) -> date:
    if isinstance(day, str):
        return date.fromisoformat(day[:10])
    if hasattr(day, "astype"):
        return date.fromisoformat(str(day)[:10])
    return date(day.year, day.month, day.day)


def _place_strangers(rng: np.random.Generator, rows: list[tuple[Any, ...]]) -> dict[int, dict[str, Any]]:
    """Which row each fixed text takes: its SKU, its reader's country and time first, every row at most once."""
    taken: dict[int, dict[str, Any]] = {}
    for stranger in _strangers():
        fits = [n for n, row in enumerate(rows) if row[0] == stranger["sku"] and n not in taken]
        since = stranger.get("since", date.min)
        best = [n for n in fits if rows[n][1] in stranger["countries"] and _iso_day(rows[n][3]) >= since]
        if chosen := best or fits:
            taken[int(rng.choice(chosen))] = stranger
    return taken


def _language(rng: np.random.Generator, country: str, channel: str) -> str:
    if rng.random() < (CHINESE_ON_ALIBABA if channel == "alibaba" else CHINESE_AT_RETAIL):
        return "zh"
    if rng.random() < ENGLISH_ABROAD:
        return "en"
    return LANGUAGE_OF.get(country, "en")


def _aspects(
    rng: np.random.Generator, sku: str, country: str, day: date, words: dict[str, Any]
) -> tuple[list[str], list[str]]:
    """(praised, blamed) aspects, never the same one in both."""
    own = [tendency for tendency in TENDENCIES if tendency.holds(sku, country, day)]
    known = [t for t in own if t.aspect in words["love" if t.praise else "hate"]]
    blamed = [t.aspect for t in known if not t.praise and rng.random() < t.chance]
    tended = {t.aspect for t in own} | set(SEASONAL_ONLY.get(sku, ()))
    others = [aspect for aspect in words["hate"] if aspect not in tended]
    if others and rng.random() < OTHER_BLAME.get(sku, USUAL_BLAME):
        blamed.append(_pick(rng, others))
    praised = [t.aspect for t in known if t.praise and t.aspect not in blamed and rng.random() < t.chance]
    free = [aspect for aspect in words["love"] if aspect not in blamed and aspect not in praised]
    wanted = int(rng.choice([0, 1, 2], p=[0.4, 0.4, 0.2] if blamed else [0.0, 0.6, 0.4]))
    wanted -= min(wanted, len(praised))
    praised += [str(aspect) for aspect in rng.permutation(free)[:wanted]]
    return praised, blamed


def rating_of(praised: int, blamed: int, strictness: float) -> int:
    """1 to 5 stars from how many aspects are praised and blamed; `strictness` (0 to 1) is the buyer's own."""
    if not blamed:
        return 5 if strictness < 0.78 else 4
    balance = praised - blamed
    if balance > 0:
        return 4 if strictness < 0.7 else 3
    if balance == 0:
        return 3 if strictness < 0.65 else 2
    return 2 if strictness < 0.5 and balance == -1 else 1


def _compose(
    rng: np.random.Generator, sku: str, country: str, channel: str, day: date, language: str
) -> dict[str, Any]:
    bank = clause_bank(language)
    words = bank["skus"][sku]
    praised, blamed = _aspects(rng, sku, country, day, words)
    rating = rating_of(len(praised), len(blamed), float(rng.random()))
    mood = "good" if rating >= 4 and not blamed else "bad" if rating <= 2 else "mixed"

    love = [_pick(rng, words["love"][aspect]) for aspect in praised]
    hate = [_pick(rng, words["hate"][aspect]) for aspect in blamed]
    if love and hate:
        complaint_first = rng.random() < (0.7 if mood == "bad" else 0.25)
        bridge = bank["rescues" if complaint_first else "turns"]
        joint = [_pick(rng, bridge)] if rng.random() < 0.6 else []
        middle = [*hate, *joint, *love] if complaint_first else [*love, *joint, *hate]
    else:
        middle = [*love, *hate]

    scenes = bank["trade"] if channel == "alibaba" and rng.random() < 0.6 else words["scene"]
    sentences = [_pick(rng, bank["openings"][mood])] if rng.random() < 0.42 else []
    sentences += [_pick(rng, scenes)] if rng.random() < 0.72 else []
    sentences += middle
    sentences += [_pick(rng, bank["asides"])] if rng.random() < 0.18 else []
    sentences += [_pick(rng, bank["closings"][mood])] if rng.random() < 0.5 else []
    text = ("" if language in UNSPACED else " ").join(filled(rng, s, bank, country) for s in sentences)
    title = _pick(rng, bank["titles"][mood]) if rng.random() < 0.75 else None
    return {"language": language, "rating": rating, "title": title, "text": _habit(rng, text, language, mood)}


def _habit(rng: np.random.Generator, text: str, language: str, mood: str) -> str:
    """Some people shout, some drop the last full stop, some never use capitals."""
    draw = rng.random()
    if draw < 0.08:
        return text.rstrip(".。") + ("！" if language in UNSPACED else "!" if mood != "bad" else "!!")
    if draw < 0.20:
        return text.rstrip(".。")
    if draw < 0.26 and language == "en":
        return text.lower()
    return text


def filled(rng: np.random.Generator, sentence: str, bank: dict[str, Any], country: str) -> str:
    """A clause with its slots filled by chance."""
    values = {}
    for _, name, _, _ in Formatter().parse(sentence):
        if name == "place":
            values[name] = _pick(rng, bank["places"].get(country, bank["places"]["*"]))
        elif name:
            values[name] = _pick(rng, bank["slots"][name])
    return sentence.format(**values)


def _pick(rng: np.random.Generator, choices: list[str]) -> str:
    return str(choices[int(rng.integers(len(choices)))])
