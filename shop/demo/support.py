"""Messages by strangers: wholesale inquiries and support tickets, two tickets with planted instructions."""

from __future__ import annotations

from typing import Any

import numpy as np

from shop.demo.demand import random
from shop.demo.letters import ASKS, ATTACKS, LETTERS
from shop.demo.names import NAMES
from shop.demo.orders import Sales
from shop.demo.parameters import CHANNELS, CODES, COUNTRIES, HISTORY_DAYS, SKUS, WHOLESALE_SHARE

TICKETS = 240
TICKET_DAYS = 120
INQUIRIES_PER_ORDER = 3.2  # most come to nothing
# topic, weight, SKUs it is about (empty = any)
TOPICS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("where_is_my_order", 0.30, ()), ("size", 0.14, ("VEST-HI",)), ("leak", 0.14, ("BOT-500",)),
    ("refund_status", 0.12, ()), ("damaged", 0.09, ()), ("care", 0.09, ()), ("change_address", 0.06, ()), ("zip", 0.06, ("BELT-RUN",)),
)  # fmt: skip
SPOKEN_IN = {"en": ("US", "GB"), "de": ("DE",)}
SPANISH, CHINESE = 0.10, 0.06  # customers in the US who write in these


def tickets(seed: int, sales: Sales) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rows of tickets, and the truth: topic by ticket, the ids with planted instructions."""
    rng = random(seed, 11)
    orders, lines = sales.orders, sales.lines
    recent = orders[(orders["t"] >= HISTORY_DAYS - TICKET_DAYS) & (orders["ch"] < 2) & (orders["fraud"] < 0)]
    first = lines.drop_duplicates("order").set_index("order")["s"].reindex(recent.index)
    kinds: dict[Any, Any] = first.to_dict()
    recent_country: dict[Any, Any] = recent["c"].to_dict()
    rows: list[dict[str, Any]] = []
    topics: dict[str, str] = {}
    weights = np.array([w for _, w, _ in TOPICS])
    taken: set[int] = set()
    while len(rows) < TICKETS:
        topic, _, skus = TOPICS[int(rng.choice(len(TOPICS), p=weights / weights.sum()))]
        candidates = first.index if not skus else first.index[first.isin([SKUS.index(x) for x in skus])]
        at = int(candidates[int(rng.integers(len(candidates)))])
        order: Any = orders.loc[at]
        wait = int(rng.integers(4, 12))
        if at in taken or order["t"] + wait >= HISTORY_DAYS:
            continue
        taken.add(at)
        language = COUNTRIES[order["c"]].language
        if CODES[order["c"]] == "US":
            draw = rng.random()
            language = "es" if draw < SPANISH else "zh" if draw < SPANISH + CHINESE else "en"
        choice = LETTERS[topic][language]
        subject, text = choice[int(rng.integers(len(choice)))]
        sku = SKUS[int(kinds[at])]
        fill = {"order": order["order_id"], "product": _called(sku, language)}
        rows.append(
            {
                "day": int(order["t"]) + wait, "second": int(rng.integers(6 * 3600, 22 * 3600)), "channel": CHANNELS[order["ch"]],
                "country": CODES[order["c"]], "language": language, "customer_id": order["customer_id"],
                "order_id": order["order_id"], "sku": sku, "subject": subject.format(**fill), "text": text.format(**fill),
                "topic": topic,
            }
        )  # fmt: skip
    for attack in ATTACKS:
        victim = max(at for at in taken if CODES[recent_country[at]] in SPOKEN_IN[attack[0]])
        order = orders.loc[victim]
        rows.append(
            {
                "day": HISTORY_DAYS - 4 + ATTACKS.index(attack), "second": 40000, "channel": CHANNELS[order["ch"]], "country": CODES[order["c"]],
                "language": attack[0], "customer_id": order["customer_id"], "order_id": order["order_id"],
                "sku": SKUS[int(kinds[victim])], "subject": attack[1], "text": attack[2], "topic": "planted instruction",
            }
        )  # fmt: skip
    rows.sort(key=lambda r: (r["day"], r["second"], r["order_id"]))
    planted: list[str] = []
    for number, row in enumerate(rows):
        row["ticket_id"] = f"T{5001 + number}"
        row["status"] = "open" if row["day"] >= HISTORY_DAYS - 9 or rng.random() < 0.05 else "closed"
        topics[row["ticket_id"]] = row.pop("topic")
        if topics[row["ticket_id"]] == "planted instruction":
            planted.append(row["ticket_id"])
    return rows, {"topics": topics, "planted_instructions": planted}


def inquiries(seed: int, sales: Sales) -> list[dict[str, Any]]:
    """Every wholesale order was asked about one to three weeks before; more questions lead to nothing."""
    rng = random(seed, 12)
    bulk = sales.orders[sales.orders["ch"] == 2]
    line = sales.lines.drop_duplicates("order").set_index("order").loc[bulk.index]
    rows: list[dict[str, Any]] = []
    both: Any = zip(bulk.itertuples(), line.itertuples(), strict=True)
    asked = [
        (max(0, int(o.t) - int(rng.integers(6, 22))), int(o.c), int(n.s), int(n.quantity), str(o.customer_id))
        for o, n in both
    ]
    lost = int(len(bulk) * (INQUIRIES_PER_ORDER - 1))
    shares = np.array([WHOLESALE_SHARE[c] for c in CODES])
    source = rng.integers(0, len(asked), lost)
    for k in range(lost):
        day, _, s, quantity, _ = asked[source[k]]
        day = int(np.clip(day + rng.integers(-15, 16), 0, HISTORY_DAYS - 1))
        c = int(rng.choice(len(CODES), p=shares))
        asked.append(
            (day, c, s, int(max(20, round(quantity * float(rng.lognormal(0, 0.5)) / 10) * 10)), f"L{70000 + k}")
        )
    for day, c, s, quantity, customer in sorted(asked):
        language = "en" if rng.random() < 0.7 else COUNTRIES[c].language
        choice = ASKS[language]
        text = choice[int(rng.integers(len(choice)))].format(quantity=quantity, product=_called(SKUS[s], language))
        rows.append(
            {
                "inquiry_id": f"Q{20001 + len(rows)}", "day": day, "second": int(rng.integers(0, 86400)), "channel": "alibaba",
                "country": CODES[c], "sku": SKUS[s], "quantity": quantity, "customer_id": customer, "text": text,
            }
        )  # fmt: skip
    return rows


def _called(sku: str, language: str) -> str:
    """A name of the SKU in the language: the first alias written for it, else the English name."""
    name, aliases = NAMES[sku]
    if language in ("de", "fr", "es"):
        return _LOCAL[sku][language]
    if language in ("zh", "ja"):
        kana = [a for a in aliases if any("\u3040" <= ch <= "\u30ff" for ch in a)]
        han = [
            a
            for a in aliases
            if all(ord(ch) > 127 or ch.isalnum() for ch in a)
            and a not in kana
            and any("\u4e00" <= ch <= "\u9fff" for ch in a)
        ]
        return (kana if language == "ja" else han)[0]
    return name


_LOCAL: dict[str, dict[str, str]] = {
    "BOT-750": {"de": "Trinkflasche 750 ml", "fr": "gourde 750 ml", "es": "botella de 750 ml"},
    "BOT-500": {"de": "Trinkflasche 500 ml", "fr": "gourde 500 ml", "es": "botella de 500 ml"},
    "BAND-SET": {"de": "Widerstandsbänder-Set", "fr": "kit de bandes de résistance", "es": "set de bandas elásticas"},
    "BAND-LOOP": {"de": "Miniband", "fr": "mini bande", "es": "mini banda"},
    "SOCK-3P": {"de": "Laufsocken", "fr": "chaussettes de course", "es": "calcetines de correr"},
    "MAT-TPE": {"de": "Yogamatte", "fr": "tapis de yoga", "es": "esterilla de yoga"},
    "ROLL-45": {"de": "Faszienrolle", "fr": "rouleau de massage", "es": "rodillo de espuma"},
    "TOW-ICE": {"de": "Kühlhandtuch", "fr": "serviette rafraîchissante", "es": "toalla refrescante"},
    "BELT-RUN": {"de": "Laufgürtel", "fr": "ceinture de course", "es": "cinturón de running"},
    "CAP-UV": {"de": "Laufkappe", "fr": "casquette de course", "es": "gorra de running"},
    "VEST-HI": {"de": "Reflexweste", "fr": "gilet réfléchissant", "es": "chaleco reflectante"},
    "GEL-24": {"de": "Energiegel", "fr": "gel énergétique", "es": "gel energético"},
    "ROPE-SPD": {"de": "Springseil", "fr": "corde à sauter", "es": "cuerda de saltar"},
    "BOX-GIFT": {"de": "Geschenkbox", "fr": "coffret cadeau", "es": "caja de regalo"},
}
