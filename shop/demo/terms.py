"""Search terms by country, and the competitors by category."""

from __future__ import annotations

from datetime import date

# term, SKU it leads to, share of the SKU's searches
TERMS: dict[str, tuple[tuple[str, str, float], ...]] = {
    "US": (("insulated water bottle", "BOT-750", 0.6), ("steel bottle 750ml", "BOT-750", 0.2), ("small water bottle", "BOT-500", 0.5), ("resistance bands", "BAND-SET", 0.7), ("mini bands", "BAND-LOOP", 0.6), ("running socks", "SOCK-3P", 0.7), ("yoga mat", "MAT-TPE", 0.9), ("foam roller", "ROLL-45", 0.8), ("cooling towel", "TOW-ICE", 0.7), ("running belt", "BELT-RUN", 0.8), ("running hat", "CAP-UV", 0.6), ("reflective running vest", "VEST-HI", 0.8), ("energy gels", "GEL-24", 0.8), ("jump rope", "ROPE-SPD", 0.9), ("gift for runners", "BOX-GIFT", 0.9)),
    "GB": (("insulated water bottle", "BOT-750", 0.6), ("small steel bottle", "BOT-500", 0.5), ("resistance bands set", "BAND-SET", 0.7), ("loop bands", "BAND-LOOP", 0.6), ("running socks", "SOCK-3P", 0.7), ("yoga mat", "MAT-TPE", 0.9), ("foam roller", "ROLL-45", 0.8), ("cooling towel", "TOW-ICE", 0.5), ("running belt", "BELT-RUN", 0.8), ("running cap", "CAP-UV", 0.6), ("hi vis running vest", "VEST-HI", 0.9), ("energy gels", "GEL-24", 0.8), ("skipping rope", "ROPE-SPD", 0.9), ("gifts for runners", "BOX-GIFT", 0.9)),
    "DE": (("trinkflasche edelstahl", "BOT-750", 0.6), ("isolierflasche 500ml", "BOT-500", 0.5), ("widerstandsbänder set", "BAND-SET", 0.7), ("miniband", "BAND-LOOP", 0.6), ("laufsocken", "SOCK-3P", 0.7), ("yogamatte", "MAT-TPE", 0.9), ("faszienrolle", "ROLL-45", 0.9), ("kühlhandtuch", "TOW-ICE", 0.5), ("laufgürtel", "BELT-RUN", 0.8), ("laufkappe", "CAP-UV", 0.6), ("reflexweste laufen", "VEST-HI", 0.9), ("energie gel", "GEL-24", 0.8), ("springseil", "ROPE-SPD", 0.9), ("geschenk für läufer", "BOX-GIFT", 0.9)),
    "FR": (("gourde isotherme", "BOT-750", 0.6), ("gourde 500ml", "BOT-500", 0.5), ("bande elastique musculation", "BAND-SET", 0.7), ("mini bande", "BAND-LOOP", 0.6), ("chaussettes running", "SOCK-3P", 0.7), ("tapis de yoga", "MAT-TPE", 0.9), ("rouleau de massage", "ROLL-45", 0.8), ("serviette rafraichissante", "TOW-ICE", 0.5), ("ceinture running", "BELT-RUN", 0.8), ("casquette running", "CAP-UV", 0.6), ("gilet reflechissant", "VEST-HI", 0.8), ("gel energetique", "GEL-24", 0.8), ("corde a sauter", "ROPE-SPD", 0.9), ("cadeau coureur", "BOX-GIFT", 0.9)),
    "JP": (("水筒 750ml", "BOT-750", 0.5), ("ステンレスボトル 500ml", "BOT-500", 0.7), ("トレーニングチューブ", "BAND-SET", 0.7), ("ヒップバンド", "BAND-LOOP", 0.6), ("ランニングソックス", "SOCK-3P", 0.7), ("ヨガマット", "MAT-TPE", 0.9), ("フォームローラー", "ROLL-45", 0.8), ("冷感タオル", "TOW-ICE", 0.9), ("ランニングベルト", "BELT-RUN", 0.8), ("ランニングキャップ", "CAP-UV", 0.8), ("反射ベスト", "VEST-HI", 0.7), ("エナジージェル", "GEL-24", 0.6), ("縄跳び", "ROPE-SPD", 0.9), ("ランナー ギフト", "BOX-GIFT", 0.9)),
}  # fmt: skip
# term, searches a day before it rises, since, growth per week (log)
RISING: dict[str, tuple[tuple[str, float, date, float], ...]] = {
    "US": (
        ("light up running vest", 3.0, date(2026, 8, 31), 0.14),
        ("weighted jump rope", 5.0, date(2026, 9, 14), 0.09),
    ),
    "GB": (("light up running vest", 2.0, date(2026, 9, 7), 0.16),),
    "DE": (("stirnlampe laufen", 2.5, date(2026, 9, 1), 0.11), ("adventskalender sport", 1.0, date(2026, 9, 21), 0.22)),
    "FR": (("gourde filtrante", 1.5, date(2026, 7, 6), 0.07),),
    "JP": (("着圧ソックス ランニング", 2.0, date(2026, 8, 3), 0.08),),
}
# term that no SKU answers, searches a day
UNMET: dict[str, tuple[tuple[str, float], ...]] = {
    "US": (("massage gun", 11.0), ("running hydration vest", 9.0)),
    "GB": (("massage gun", 5.0), ("running head torch", 6.0)),
    "DE": (("massagepistole", 5.0), ("trinkrucksack laufen", 4.0)),
    "FR": (("sac hydratation trail", 4.0),),
    "JP": (("マッサージガン", 4.0),),
}
# competitor, price against ours, rating, reviews today
COMPETITORS: dict[str, tuple[tuple[str, float, float, int], ...]] = {
    "bottles": (("HydraPeak", 0.86, 4.5, 18200), ("Nordfjell", 1.32, 4.7, 2100), ("Aosome", 0.52, 3.9, 6400)),
    "bands": (("FlexForge", 0.92, 4.4, 22400), ("TheraPull", 1.25, 4.6, 3900), ("Aosome", 0.48, 3.7, 9100)),
    "apparel": (("Stridewell", 1.05, 4.3, 5200), ("Nordfjell", 1.45, 4.6, 1700), ("RunBasic", 0.60, 4.0, 12800)),
    "mats": (("OmTerra", 1.40, 4.7, 4100), ("FlexForge", 0.80, 4.2, 15300), ("Aosome", 0.50, 3.8, 7700)),
    "recovery": (("TheraPull", 1.20, 4.6, 6800), ("FlexForge", 0.85, 4.3, 11900), ("Aosome", 0.55, 3.8, 8300)),
    "accessories": (("Stridewell", 1.10, 4.4, 3300), ("RunBasic", 0.62, 4.0, 9900), ("Aosome", 0.50, 3.7, 4100)),
    "nutrition": (("GelWerk", 0.95, 4.5, 7600), ("PureStride", 1.22, 4.4, 1900), ("RunBasic", 0.72, 3.9, 3000)),
    "gifts": (("Stridewell", 0.90, 4.2, 310), ("Nordfjell", 1.35, 4.6, 150), ("RunBasic", 0.65, 3.9, 420)),
}  # fmt: skip
# A hole in the price band: here a competitor asks this factor of our price instead.
PRICE_GAPS: dict[tuple[str, str, str], float] = {
    ("mats", "DE", "FlexForge"): 0.55,
    ("apparel", "JP", "Stridewell"): 1.42,
    ("recovery", "FR", "FlexForge"): 0.58,
}
