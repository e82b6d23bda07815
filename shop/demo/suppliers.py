"""The nine suppliers: what they say of themselves, what they offer, and how they really behave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Supplier:
    """One supplier. late_days: true mean delay against the promise; late_sd: its spread; defects: true share."""

    supplier_id: str
    name: str
    country: str
    bank_country: str
    member_since: date
    certificates: str
    accepts_samples: bool
    accepts_inspection: bool
    description: str
    lead: int  # promised days to goods ready
    lead_sd: int  # stated spread
    late_days: float
    late_sd: float
    defects: float
    deposit_pct: int
    balance_days: int
    incoterm: str
    capacity: int  # units a month
    prices: tuple[tuple[str, float, int], ...]  # SKU, price against the product's unit cost, MOQ
    port: str
    bad_since: date | None = None
    bad_defects: float = 0.0


SUPPLIERS: tuple[Supplier, ...] = (
    Supplier("SUP-01", "Yongkang Haolu Metalware Co., Ltd.", "CN", "CN", date(2014, 5, 12), "ISO9001-CN-14-20871|LFGB-HL-5521", True, True,
        "Factory for vacuum flasks since 2009, 180 workers, own polishing and coating lines. OEM welcome.",
        26, 4, 1.0, 3.0, 0.008, 30, 30, "FOB", 30000, (("BOT-750", 1.00, 500), ("BOT-500", 1.00, 500)), "CN-NGB", date(2026, 6, 1), 0.075),
    Supplier("SUP-02", "Zhejiang Ruiya Vacuum Flask Co., Ltd.", "CN", "CN", date(2016, 9, 1), "ISO9001-CN-16-33410|LFGB-RY-7718|BSCI-156-88120", True, True,
        "Stainless steel bottles and gift sets. Food contact tests per batch on request. Sea and air shipments from Ningbo.",
        24, 3, 0.5, 2.0, 0.006, 30, 45, "FOB", 45000, (("BOT-750", 1.06, 800), ("BOT-500", 1.07, 800), ("BOX-GIFT", 1.00, 300)), "CN-NGB"),
    Supplier("SUP-03", "Xiamen Kaiyue Fitness Products Co., Ltd.", "CN", "CN", date(2012, 3, 20), "ISO9001-CN-12-10442|REACH-KY-0931|BSCI-142-71009", True, True,
        "Bands, ropes, mats and rollers for fitness brands in Europe and Japan. Natural latex from Thailand, TPE pressed in house.",
        22, 3, 1.0, 2.5, 0.010, 30, 30, "FOB", 40000,
        (("BAND-SET", 1.00, 300), ("BAND-LOOP", 1.00, 1000), ("MAT-TPE", 1.00, 200), ("ROLL-45", 1.00, 200), ("ROPE-SPD", 1.00, 500)), "CN-NGB"),
    Supplier("SUP-04", "Nantong Jianmei Sports Goods Factory", "CN", "CN", date(2019, 11, 4), "ISO9001-CN-19-60233", True, True,
        "Best price for fitness goods. Big orders preferred. We ship fast.",
        20, 3, 17.0, 9.0, 0.022, 50, 0, "EXW", 60000,
        (("BAND-SET", 0.82, 500), ("BAND-LOOP", 0.80, 2000), ("MAT-TPE", 0.84, 300), ("ROLL-45", 0.85, 300), ("ROPE-SPD", 0.83, 1000)), "CN-NGB"),
    Supplier("SUP-05", "Zhuji Datang Meiwa Hosiery Co., Ltd.", "CN", "CN", date(2011, 7, 8), "OEKO-TEX-11.HCN.40122|BSCI-131-55871", True, True,
        "Sports socks, caps and towels. 220 knitting machines, Oeko-Tex yarns, small trial orders possible.",
        20, 3, 0.5, 2.0, 0.009, 30, 30, "FOB", 80000, (("SOCK-3P", 1.00, 600), ("CAP-UV", 1.00, 300), ("TOW-ICE", 1.00, 1000)), "CN-NGB"),
    Supplier("SUP-06", "Ningbo Outrun Bags & Wear Co., Ltd.", "CN", "CN", date(2017, 2, 15), "ISO9001-CN-17-41980|EN1150-OR-221", True, True,
        "Running belts, reflective wear and light packs. Pattern room in Ningbo, EN 1150 tested fabrics.",
        25, 4, 1.5, 3.0, 0.012, 30, 30, "FOB", 25000, (("BELT-RUN", 1.00, 500), ("VEST-HI", 1.00, 400), ("CAP-UV", 1.08, 500)), "CN-NGB"),
    Supplier("SUP-07", "Alpenkraft Nutrition GmbH", "AT", "AT", date(2015, 10, 2), "IFS-FOOD-AT-8831|ORGANIC-AT-BIO-301", True, True,
        "Contract maker of energy gels and bars near Linz. Nine months of shelf life from filling.",
        18, 2, 0.0, 1.5, 0.003, 20, 30, "FCA", 20000, (("GEL-24", 1.00, 240),), "EU-RTM"),
    Supplier("SUP-08", "Linh An Sportswear JSC", "VN", "VN", date(2018, 6, 25), "WRAP-VN-9021|OEKO-TEX-18.HVN.77120", True, True,
        "Knitwear and light running apparel from Da Nang, duty advantages into the EU under EVFTA.",
        30, 4, 1.0, 3.0, 0.008, 30, 45, "FOB", 35000, (("SOCK-3P", 1.03, 1000), ("VEST-HI", 1.04, 500), ("BELT-RUN", 1.05, 800)), "VN-DAD"),
    Supplier("SUP-09", "Global Best Sport Factory Limited", "CN", "CY", date(2026, 8, 30), "LFGB-RY-7718", False, False,
        "Lowest price in world!! Direct factory, all certificate, ready stock, pay today ship today. Full payment for secure production slot.",
        7, 1, 120.0, 30.0, 0.60, 100, 0, "EXW", 500000,
        (("BOT-750", 0.48, 100), ("BOT-500", 0.47, 100), ("BAND-SET", 0.45, 100), ("VEST-HI", 0.50, 50)), "CN-NGB"),
)  # fmt: skip
SCAM, CHEAP_AND_LATE, GONE_BAD = "SUP-09", "SUP-04", "SUP-01"
BY_ID = {s.supplier_id: s for s in SUPPLIERS}
MAIN_SUPPLIER: dict[str, str] = {}
for _supplier in SUPPLIERS:
    for _sku, _factor, _moq in _supplier.prices:
        MAIN_SUPPLIER.setdefault(_sku, _supplier.supplier_id)
CHEAP_SHARE = 0.22  # of purchase orders, where the cheap and late one offers the SKU
# Sea freight and hand-over in days, from where goods are made to the warehouse: mean, spread.
TRANSIT: dict[tuple[str, str], tuple[int, float]] = {
    ("CN-NGB", "CN-NGB"): (3, 1.0), ("CN-NGB", "US-LAX"): (22, 3.0), ("CN-NGB", "EU-RTM"): (34, 4.0),
    ("VN-DAD", "CN-NGB"): (9, 1.5), ("VN-DAD", "US-LAX"): (25, 3.0), ("VN-DAD", "EU-RTM"): (32, 4.0),
    ("EU-RTM", "CN-NGB"): (36, 4.0), ("EU-RTM", "US-LAX"): (21, 3.0), ("EU-RTM", "EU-RTM"): (3, 1.0),
}  # fmt: skip
# origin, destination, mode, US cents per kg, US cents per m3, days, spread; two dates of effect
FREIGHT: tuple[tuple[str, str, str, int, int, float, float], ...] = (
    ("CN-NGB", "US-LAX", "sea", 55, 11800, 22, 3), ("CN-NGB", "US-LAX", "air", 560, 93000, 6, 1.5),
    ("CN-NGB", "EU-RTM", "sea", 60, 12900, 34, 4), ("CN-NGB", "EU-RTM", "rail", 130, 24500, 22, 3),
    ("CN-NGB", "EU-RTM", "air", 540, 90000, 6, 1.5), ("CN-NGB", "CN-NGB", "road", 8, 1500, 3, 1),
    ("VN-DAD", "US-LAX", "sea", 58, 12400, 25, 3), ("VN-DAD", "EU-RTM", "sea", 62, 13200, 32, 4),
    ("VN-DAD", "CN-NGB", "sea", 30, 6000, 9, 1.5), ("EU-RTM", "EU-RTM", "road", 14, 3200, 3, 1),
    ("EU-RTM", "US-LAX", "sea", 70, 14800, 21, 3), ("EU-RTM", "CN-NGB", "sea", 52, 10400, 36, 4),
    ("CN-NGB", "US-LAX", "express", 980, 160000, 4, 1), ("CN-NGB", "EU-RTM", "express", 940, 155000, 5, 1),
)  # fmt: skip
