"""Every number the demo world is made from, with its unit. What the simulator does not draw, it reads here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 11, 15)
HISTORY_DAYS = 730  # 2024-11-16 to 2026-11-15
FUTURE_DAYS = 92  # days after AS_OF for which the truth states the demand
NAME, BASE_CURRENCY = "Northlane", "USD"


@dataclass(frozen=True)
class Product:
    """One SKU. Money in US cents, weight in g, volume in cm3, demand in units a day over all retail channels."""

    sku: str
    category: str
    theme: str  # what is bought together
    list_price: int
    unit_cost: int
    weight: int
    volume: int
    hs_code: str
    demand: float  # mean units a day in 2025, retail, before events
    growth: float  # per year, log
    season: float  # amplitude of the yearly wave, log
    peak: int  # day of the year at which the wave is highest
    elasticity: float  # of demand to price, all countries
    gift: float  # how far it follows gift events: 1 = like the shop
    return_rate: float  # share of units sent back without a special cause
    pack_size: int
    wholesale: float  # alibaba orders a day over all countries
    shelf_life: int | None = None  # days
    launched: date | None = None


PRODUCTS: tuple[Product, ...] = (
    Product("BOT-750", "bottles", "road", 3490, 690, 480, 2600, "961700", 30, 0.16, 0.14, 190, -1.6, 1.25, 0.030, 24, 0.16),
    Product("BOT-500", "bottles", "road", 2790, 560, 380, 1900, "961700", 23, 0.12, 0.12, 190, -1.8, 1.15, 0.032, 24, 0.13),
    Product("BAND-SET", "bands", "home", 3290, 540, 950, 3800, "950691", 16, 0.06, 0.30, 15, -1.5, 1.10, 0.040, 20, 0.10),
    Product("BAND-LOOP", "bands", "home", 1290, 160, 180, 600, "950691", 15, 0.02, 0.26, 15, -2.1, 0.70, 0.035, 50, 0.09),
    Product("SOCK-3P", "apparel", "road", 1990, 310, 160, 900, "611595", 22, 0.10, 0.16, 110, -1.3, 1.05, 0.045, 40, 0.07),
    Product("MAT-TPE", "mats", "home", 3990, 820, 1150, 9800, "391890", 11, 0.08, 0.24, 20, -1.4, 0.90, 0.042, 10, 0.08),
    Product("ROLL-45", "recovery", "home", 2990, 520, 780, 12500, "950691", 8.5, 0.04, 0.14, 100, -1.5, 0.80, 0.030, 12, 0.05),
    Product("TOW-ICE", "recovery", "heat", 1490, 190, 120, 700, "630790", 9, 0.05, 0.85, 200, -1.9, 0.35, 0.028, 60, 0.06),
    Product("BELT-RUN", "accessories", "road", 2290, 380, 140, 1100, "420292", 9.5, 0.14, 0.30, 125, -1.6, 0.85, 0.050, 40, 0.05),
    Product("CAP-UV", "apparel", "heat", 2490, 360, 110, 2200, "650500", 8.5, 0.10, 0.70, 185, -1.4, 0.50, 0.045, 40, 0.04),
    Product("VEST-HI", "apparel", "road", 2690, 430, 210, 1600, "621143", 8, 0.12, 0.75, 330, -1.2, 0.80, 0.050, 30, 0.04),
    Product("GEL-24", "nutrition", "road", 4490, 1340, 1150, 2400, "210690", 10, 0.05, 0.38, 125, -1.1, 0.35, 0.012, 12, 0.03, 270),
    Product("ROPE-SPD", "accessories", "home", 1790, 260, 260, 900, "950691", 7.5, 0.03, 0.28, 18, -1.8, 0.75, 0.034, 50, 0.05),
    Product("BOX-GIFT", "gifts", "gift", 5990, 1690, 1200, 6200, "961700", 9, 0.0, 0.20, 345, -1.3, 1.90, 0.020, 10, 0.02, None, date(2026, 9, 28)),
)  # fmt: skip
SKUS = tuple(p.sku for p in PRODUCTS)
LAUNCHES = {"BELT-RUN": date(2025, 3, 10), "VEST-HI": date(2025, 1, 20), "BOX-GIFT": date(2026, 9, 28)}
LAUNCH_RAMP_DAYS = 45  # days until a new SKU reaches 63% of its level
# Price elasticity differs by country: this is added to the SKU's own.
COUNTRY_ELASTICITY = {"US": 0.0, "DE": -0.3, "FR": -0.1, "GB": -0.4, "JP": 0.4}


@dataclass(frozen=True)
class Country:
    """A country the shop sells in. Rates are units of its currency per US dollar."""

    code: str
    currency: str
    usd_rate: float  # the rate the shop sets its prices by
    share: float  # of retail demand
    price_level: float  # local price against the US price
    tax_pct: int  # VAT or consumption tax inside the order total; 0 = added by the state, not kept here
    weekend: float  # log lift on Saturday and Sunday
    peak_hour: int  # UTC hour of most orders
    warehouse: str
    language: str


COUNTRIES: tuple[Country, ...] = (
    Country("US", "USD", 1.0, 0.44, 1.00, 0, 0.10, 19, "US-LAX", "en"),
    Country("DE", "EUR", 0.87, 0.19, 1.10, 19, 0.18, 18, "EU-RTM", "de"),
    Country("GB", "GBP", 0.76, 0.15, 1.08, 20, 0.14, 19, "EU-RTM", "en"),
    Country("FR", "EUR", 0.87, 0.11, 1.10, 20, 0.05, 18, "EU-RTM", "fr"),
    Country("JP", "JPY", 152.0, 0.11, 1.02, 10, 0.22, 11, "CN-NGB", "ja"),
)
CODES = tuple(c.code for c in COUNTRIES)
SCALE = {"USD": 100, "EUR": 100, "GBP": 100, "JPY": 1}  # minor units in one
CHANNELS = ("shopify", "amazon", "alibaba")
AMAZON_SHARE = {"US": 0.56, "DE": 0.55, "GB": 0.52, "FR": 0.45, "JP": 0.62}  # of retail demand
# How far a country leans to a SKU, as a factor on its share; missing = 1.
TASTE: dict[tuple[str, str], float] = {
    ("BOT-750", "US"): 1.2, ("BOT-500", "JP"): 1.6, ("BOT-750", "JP"): 0.6, ("SOCK-3P", "GB"): 1.2,
    ("VEST-HI", "GB"): 1.6, ("VEST-HI", "DE"): 1.4, ("VEST-HI", "US"): 0.7, ("TOW-ICE", "JP"): 2.2,
    ("CAP-UV", "JP"): 1.7, ("CAP-UV", "GB"): 0.6, ("GEL-24", "FR"): 1.4, ("GEL-24", "JP"): 0.4,
    ("MAT-TPE", "FR"): 1.3, ("ROLL-45", "DE"): 1.3, ("ROPE-SPD", "JP"): 1.4, ("BELT-RUN", "DE"): 1.2,
}  # fmt: skip
WHOLESALE_SHARE = {"US": 0.38, "DE": 0.20, "GB": 0.16, "FR": 0.12, "JP": 0.14}
WHOLESALE_PRICE = 0.60  # of the US list price
WHOLESALE_CARTONS = 5.0  # median order, in cartons
AMAZON_PRICE = 1.04  # against shopify
WAREHOUSES = (("CN-NGB", "CN", "JP|CN"), ("US-LAX", "US", "US"), ("EU-RTM", "NL", "DE|FR|GB"))

DISPERSION = 9.0  # negative binomial size of daily demand; larger = closer to Poisson
LEVEL_NOISE = 0.06  # stationary sd of the slow level of a SKU in a country, log
LEVEL_MEMORY = 0.97  # its day-to-day autocorrelation
PAYDAY_LIFT = 0.05  # log, days 25 to 31
CANCELLED_SHARE = 0.012


@dataclass(frozen=True)
class Event:
    """A day or more that moves demand. lift is in log, before gift weights; discount in percent off."""

    name: str
    start: date
    end: date
    lift: float
    countries: tuple[str, ...] = CODES
    channels: tuple[str, ...] = ("shopify", "amazon")
    discount: int = 0
    code: str | None = None
    skus: tuple[str, ...] = ()  # empty = all
    gift: bool = False  # weighted by the SKU's gift factor


def _every_year() -> tuple[Event, ...]:
    events: list[Event] = []
    for year, black, golden, spring, prime in (
        (2024, date(2024, 11, 29), None, None, None),
        (2025, date(2025, 11, 28), date(2025, 4, 29), date(2025, 1, 26), date(2025, 7, 8)),
        (2026, date(2026, 11, 27), date(2026, 4, 29), date(2026, 2, 14), date(2026, 6, 23)),
    ):
        west = ("US", "DE", "FR", "GB")
        cyber = date.fromordinal(black.toordinal() + 3)
        before = date.fromordinal(black.toordinal() - 4)
        eve = date.fromordinal(black.toordinal() - 1)
        weekend = date.fromordinal(black.toordinal() + 2)
        events += [
            Event(f"Black Friday week {year}", before, eve, 0.45, west, discount=10, code=f"BFWEEK{year % 100}", gift=True),
            Event(f"Black Friday {year}", black, black, 1.35, west, discount=20, code=f"BLACK{year % 100}", gift=True),
            Event(f"Black Friday weekend {year}", date.fromordinal(black.toordinal() + 1), weekend, 0.75, west, discount=20, code=f"BLACK{year % 100}", gift=True),
            Event(f"Cyber Monday {year}", cyber, cyber, 1.05, west, discount=20, code=f"CYBER{year % 100}", gift=True),
            Event(f"Black Friday Japan {year}", black, weekend, 0.50, ("JP",), discount=10, code=f"BLACK{year % 100}", gift=True),
            Event(f"Christmas {year}", date(year, 12, 4), date(year, 12, 18), 0.55, west, gift=True),
            Event(f"Christmas Japan {year}", date(year, 12, 10), date(year, 12, 23), 0.25, ("JP",), gift=True),
            Event(f"After the last posting day {year}", date(year, 12, 22), date(year, 12, 27), -0.45, west),
            Event(f"12.12 {year}", date(year, 12, 12), date(year, 12, 12), 0.35, ("JP", "US"), ("amazon", "alibaba")),
        ]  # fmt: skip
        if year > 2024:
            events.append(Event(f"11.11 {year}", date(year, 11, 11), date(year, 11, 11), 0.40, ("JP", "US"), ("amazon", "alibaba")))  # fmt: skip
        if golden and spring and prime:
            prime_end = date.fromordinal(prime.toordinal() + 3)
            events += [
                Event(f"New Year resolutions {year}", date(year, 1, 2), date(year, 1, 20), 0.30, skus=("BAND-SET", "BAND-LOOP", "MAT-TPE", "ROLL-45", "ROPE-SPD")),
                Event(f"Chinese New Year {year}", spring, date.fromordinal(spring.toordinal() + 10), -0.90, channels=("alibaba",)),
                Event(f"Spring sale {year}", date(year, 3, 20), date(year, 3, 26), 0.10, channels=("shopify",), discount=15, code=f"SPRING{year % 100}"),
                Event(f"Golden Week {year}", golden, date(year, 5, 6), 0.35, ("JP",)),
                Event(f"618 {year}", date(year, 6, 16), date(year, 6, 18), 0.50, channels=("alibaba",)),
                Event(f"Prime Day {year}", prime, prime_end, 0.80, channels=("amazon",), discount=18, code="PRIMEDAY"),
                Event(f"Race season {year}", date(year, 9, 12), date(year, 10, 4), 0.18, skus=("SOCK-3P", "BELT-RUN", "GEL-24", "BOT-500")),
                Event(f"Prime Big Deal Days {year}", date(year, 10, 7), date(year, 10, 8), 0.60, channels=("amazon",), discount=15, code="PRIMEDAY"),
            ]  # fmt: skip
    events += [
        Event("Summer clearance of caps", date(2025, 8, 25), date(2025, 9, 7), 0.0, channels=("shopify",), discount=25, code="LATESUN", skus=("CAP-UV", "TOW-ICE")),
        Event("Maya's 800 m video", date(2026, 5, 9), date(2026, 5, 15), 0.55, channels=("shopify",), skus=("BOT-750", "SOCK-3P", "BELT-RUN")),
        Event("Bands week", date(2026, 9, 7), date(2026, 9, 13), 0.0, channels=("shopify", "amazon"), discount=12, code="BANDS12", skus=("BAND-SET", "BAND-LOOP")),
    ]  # fmt: skip
    return tuple(events)


EVENTS = _every_year()


@dataclass(frozen=True)
class PriceChange:
    """From a day on the price is the list price times factor, in these places."""

    sku: str
    start: date
    factor: float
    countries: tuple[str, ...] = CODES
    channels: tuple[str, ...] = ("shopify", "amazon")


PRICE_CHANGES: tuple[PriceChange, ...] = (
    # The price test: BOT-750 on shopify in the US and Germany, two weeks up, two weeks down, six times.
    *(
        PriceChange("BOT-750", date.fromordinal(date(2026, 2, 2).toordinal() + 14 * k), 1.10 if k % 2 == 0 else 0.90, ("US", "DE"), ("shopify",))
        for k in range(6)
    ),
    PriceChange("BOT-750", date(2026, 4, 27), 1.0, ("US", "DE"), ("shopify",)),
    PriceChange("BOT-500", date(2025, 9, 1), 1.07),
    PriceChange("BAND-SET", date(2025, 5, 5), 0.91, ("US", "GB")),
    PriceChange("BAND-SET", date(2025, 10, 6), 1.0, ("US", "GB")),
    PriceChange("BAND-LOOP", date(2026, 1, 12), 1.10),
    PriceChange("SOCK-3P", date(2025, 6, 2), 1.10, ("US", "DE")),
    PriceChange("SOCK-3P", date(2026, 3, 2), 1.10, ("GB", "FR", "JP")),
    PriceChange("MAT-TPE", date(2025, 8, 4), 0.90, ("FR", "DE")),
    PriceChange("MAT-TPE", date(2026, 1, 5), 1.05),
    PriceChange("ROLL-45", date(2026, 4, 6), 0.93, ("DE", "GB")),
    PriceChange("TOW-ICE", date(2026, 5, 4), 1.13),
    PriceChange("BELT-RUN", date(2026, 2, 16), 1.09),
    PriceChange("CAP-UV", date(2026, 4, 20), 1.08, ("JP", "US")),
    PriceChange("VEST-HI", date(2025, 9, 15), 1.08),
    PriceChange("GEL-24", date(2025, 11, 3), 1.06),
    PriceChange("ROPE-SPD", date(2025, 7, 7), 0.90, ("US",)),
    PriceChange("ROPE-SPD", date(2026, 6, 1), 1.06),
)  # fmt: skip


@dataclass(frozen=True)
class Campaign:
    """An ad campaign. Demand rises by lift * (1 - exp(-adstock / half)) on the SKU in the channel it feeds."""

    name: str
    channel: str  # where the ad runs
    feeds: str  # sales channel
    country: str
    sku: str
    start: date
    spend: float  # mean US dollars a day while on
    lift: float  # largest share of extra demand
    half: float  # US dollars of adstock at which 63% of the lift is reached
    claims: float  # sales the platform credits, against the true extra sales
    carry: float = 0.5  # of yesterday's adstock


CAMPAIGNS: tuple[Campaign, ...] = (
    Campaign("meta-us-bottle", "meta", "shopify", "US", "BOT-750", date(2025, 2, 3), 60, 0.55, 100, 1.7),
    Campaign("meta-de-bottle", "meta", "shopify", "DE", "BOT-750", date(2025, 4, 7), 22, 0.45, 45, 1.8),
    Campaign("meta-gb-socks", "meta", "shopify", "GB", "SOCK-3P", date(2025, 6, 2), 7, 0.30, 15, 2.2),
    Campaign("meta-us-gift", "meta", "shopify", "US", "BOX-GIFT", date(2026, 10, 5), 14, 0.80, 24, 1.4),
    Campaign("google-us-bottle", "google", "shopify", "US", "BOT-750", date(2024, 11, 16), 45, 0.40, 75, 1.1),
    Campaign("google-us-bands", "google", "shopify", "US", "BAND-SET", date(2025, 1, 6), 22, 0.45, 40, 1.1),
    Campaign("google-fr-mat", "google", "shopify", "FR", "MAT-TPE", date(2025, 9, 1), 5, 0.40, 10, 1.0),
    Campaign("google-us-brand", "google", "shopify", "US", "BOT-500", date(2025, 1, 6), 20, 0.06, 40, 6.0),
    Campaign("amazon-us-bottle", "amazon", "amazon", "US", "BOT-750", date(2024, 11, 16), 60, 0.50, 90, 1.5),
    Campaign("amazon-us-socks", "amazon", "amazon", "US", "SOCK-3P", date(2025, 3, 3), 30, 0.45, 50, 1.5),
    Campaign("amazon-de-bottle", "amazon", "amazon", "DE", "BOT-500", date(2025, 3, 3), 16, 0.45, 30, 1.6),
    Campaign("amazon-jp-towel", "amazon", "amazon", "JP", "TOW-ICE", date(2025, 5, 12), 9, 0.50, 16, 1.4),
    Campaign("amazon-gb-roller", "amazon", "amazon", "GB", "ROLL-45", date(2025, 8, 4), 4, 0.40, 8, 1.6),
    Campaign("tiktok-us-belt", "tiktok", "shopify", "US", "BELT-RUN", date(2025, 9, 8), 30, 0.12, 75, 3.5),
    Campaign("tiktok-gb-bands", "tiktok", "shopify", "GB", "BAND-LOOP", date(2026, 1, 5), 8, 0.35, 18, 1.3),
)  # fmt: skip


@dataclass(frozen=True)
class Outage:
    """A late delivery that empties a shelf: no goods arrive between start and end, cover was bought until start."""

    sku: str
    warehouse: str
    start: date
    end: date


OUTAGES: tuple[Outage, ...] = (
    Outage("BAND-SET", "US-LAX", date(2025, 8, 4), date(2025, 8, 20)),
    Outage("BOT-500", "EU-RTM", date(2025, 10, 13), date(2025, 11, 3)),
    Outage("MAT-TPE", "EU-RTM", date(2026, 1, 6), date(2026, 1, 27)),
    Outage("BOT-750", "EU-RTM", date(2026, 3, 9), date(2026, 3, 30)),
    Outage("BAND-LOOP", "US-LAX", date(2026, 6, 15), date(2026, 6, 28)),
    Outage("CAP-UV", "US-LAX", date(2026, 7, 13), date(2026, 7, 31)),
    Outage("SOCK-3P", "EU-RTM", date(2026, 10, 19), date(2026, 11, 8)),  # recent
    Outage("VEST-HI", "EU-RTM", date(2026, 11, 12), date(2026, 11, 26)),  # still empty today
    Outage("BOT-750", "US-LAX", date(2026, 11, 25), date(2026, 12, 9)),  # will run out before Black Friday
    Outage("BOX-GIFT", "US-LAX", date(2026, 11, 28), date(2026, 12, 20)),  # and during it
)


@dataclass(frozen=True)
class Overbuy:
    """A purchase far above need."""

    sku: str
    warehouse: str
    ordered: date
    units: int


OVERBUYS: tuple[Overbuy, ...] = (
    Overbuy("ROLL-45", "EU-RTM", date(2026, 4, 20), 3600),  # far too much stock
    Overbuy("GEL-24", "US-LAX", date(2026, 3, 16), 2800),  # 270 days of shelf life run out before it is sold
)


@dataclass(frozen=True)
class Policy:
    """How the simulated seller reorders. Days."""

    review_every: int = 7
    cover: tuple[int, int, int] = (
        40,
        75,
        75,
    )  # order up to lead time + cover; by warehouse, short where goods are made
    safety: int = 16
    lookback: int = 56
    trust: float = 0.5  # weight of recent sales against experience with the SKU and season


POLICY = Policy()


@dataclass(frozen=True)
class ReturnCause:
    """Why more units of a SKU come back than its usual rate. rate = extra share of units sold in the window."""

    name: str
    sku: str
    rate: float
    reason: str
    start: date
    end: date
    countries: tuple[str, ...] = CODES


RETURN_CAUSES: tuple[ReturnCause, ...] = (
    ReturnCause("vest sizes run small", "VEST-HI", 0.16, "SIZE_TOO_SMALL", date(2025, 1, 20), AS_OF),
    ReturnCause("bad batch: lid leaks", "BOT-500", 0.13, "DEFECTIVE", date(2026, 8, 5), date(2026, 10, 20), ("DE", "FR", "GB", "US")),
    ReturnCause("belt zip breaks after the supplier changed it", "BELT-RUN", 0.06, "DEFECTIVE", date(2026, 7, 1), AS_OF),
    ReturnCause("mat smells when new", "MAT-TPE", 0.03, "NOT_AS_DESCRIBED", date(2024, 11, 16), AS_OF, ("JP", "DE")),
    ReturnCause("mat shorter than the French page said", "MAT-TPE", 0.08, "NOT_AS_DESCRIBED", date(2026, 3, 1), date(2026, 6, 30), ("FR",)),
)  # fmt: skip
RETURN_REASONS = {"CHANGED_MIND": 0.42, "NOT_AS_DESCRIBED": 0.16, "DEFECTIVE": 0.14, "DAMAGED_IN_TRANSIT": 0.13, "ARRIVED_LATE": 0.15}  # fmt: skip
APPAREL_REASONS = {"SIZE_TOO_SMALL": 0.22, "SIZE_TOO_LARGE": 0.20, "CHANGED_MIND": 0.30, "NOT_AS_DESCRIBED": 0.14, "DEFECTIVE": 0.07, "ARRIVED_LATE": 0.07}  # fmt: skip


@dataclass(frozen=True)
class Segment:
    """A kind of customer. repeat = chance that an order is by somebody who bought before."""

    name: str
    repeat: float
    share: dict[str, float]  # of orders without a promotion, by channel
    promoted: dict[str, float]  # of orders with one
    express: float  # share of orders with paid express shipping


SEGMENTS: tuple[Segment, ...] = (
    Segment("follower", 0.68, {"shopify": 0.46, "amazon": 0.08, "alibaba": 0.0}, {"shopify": 0.24, "amazon": 0.05, "alibaba": 0.0}, 0.10),
    Segment("functional", 0.20, {"shopify": 0.40, "amazon": 0.70, "alibaba": 0.0}, {"shopify": 0.22, "amazon": 0.35, "alibaba": 0.0}, 0.08),
    Segment("price_sensitive", 0.38, {"shopify": 0.14, "amazon": 0.22, "alibaba": 0.0}, {"shopify": 0.54, "amazon": 0.60, "alibaba": 0.0}, 0.01),
    Segment("wholesale", 0.72, {"shopify": 0.0, "amazon": 0.0, "alibaba": 1.0}, {"shopify": 0.0, "amazon": 0.0, "alibaba": 1.0}, 0.0),
)  # fmt: skip
REPEAT_WITHIN_DAYS, REPEAT_AFTER_DAYS = 240, 5
FOUNDER_SKUS = ("BOX-GIFT", "BELT-RUN")  # followers buy these more often than their share


@dataclass(frozen=True)
class FraudRing:
    """Orders paid with stolen cards and sent to one address under many names."""

    name: str
    country: str
    channel: str
    start: date
    end: date
    orders: int
    billing: tuple[str, ...]
    ip: tuple[str, ...]
    skus: tuple[str, ...]
    customers: int = 12


FRAUD_RINGS: tuple[FraudRing, ...] = (
    FraudRing("freight forwarder", "US", "shopify", date(2026, 11, 4), AS_OF, 22, ("RO", "BR", "NG", "ID"), ("VN", "NG", "RU"), ("BOT-500", "BAND-SET", "BELT-RUN", "GEL-24"), 17),
    FraudRing("London flat", "GB", "shopify", date(2026, 9, 1), date(2026, 11, 13), 18, ("US", "PL", "ZA"), ("RO", "NG"), ("BOT-750", "MAT-TPE", "BAND-SET"), 14),
    FraudRing("spring test", "US", "shopify", date(2026, 3, 2), date(2026, 4, 12), 16, ("GB", "MX"), ("UA", "NG"), ("BOT-750", "GEL-24"), 12),
)  # fmt: skip
REFUND_ABUSE_CUSTOMERS = 6  # good customers' accounts at one address that claim nearly every parcel missing
REFUND_ABUSE_START = date(2026, 9, 10)
HONEST_BILLING_MISMATCH = 0.012  # gifts and expatriates
HONEST_IP_MISMATCH = 0.020  # travel and VPN
