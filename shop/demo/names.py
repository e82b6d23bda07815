"""What people call the fourteen SKUs, in the languages they write in."""

from __future__ import annotations

NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "BOT-750": ("Insulated Steel Bottle 750 ml", (
        "bottle 750", "bottle 750 ml", "750 bottle", "750ml bottle", "750 ml bottle", "big bottle", "large bottle", "big steel bottle", "750 ml flask",
        "750毫升保温杯", "750毫升水杯", "大水杯", "750毫升水壶", "750ml保温杯", "750ml水壶", "大水壶", "大保温杯", "大号保温杯", "大号水壶",
        "Trinkflasche 750 ml", "Edelstahlflasche 750 ml", "große Flasche", "große Trinkflasche", "Isolierflasche 750 ml",
        "bouteille isotherme 750 ml", "gourde 750 ml", "grande gourde", "grande bouteille",
        "botella térmica 750 ml", "botella de 750 ml", "botella grande", "ステンレスボトル 750ml", "水筒750ml", "750mlボトル", "大きい水筒")),
    "BOT-500": ("Insulated Steel Bottle 500 ml", (
        "bottle 500", "bottle 500 ml", "500 bottle", "500ml bottle", "500 ml bottle", "small bottle", "small steel bottle", "half-litre bottle", "half-liter bottle",
        "500毫升保温杯", "500毫升水杯", "小水杯", "500毫升水壶", "500ml保温杯", "500ml水壶", "小水壶", "小保温杯", "小号保温杯", "小号水壶",
        "Trinkflasche 500 ml", "Edelstahlflasche 500 ml", "kleine Flasche", "kleine Trinkflasche", "Isolierflasche 500 ml",
        "bouteille isotherme 500 ml", "gourde 500 ml", "petite gourde", "petite bouteille",
        "botella térmica 500 ml", "botella de 500 ml", "botella pequeña", "ステンレスボトル 500ml", "水筒500ml", "500mlボトル", "小さい水筒")),
    "BAND-SET": ("Resistance Band Set", (
        "resistance band set", "resistance bands set", "resistance set", "band set", "band sets", "bands set", "set of bands", "tube bands", "exercise band set",
        "阻力带套装", "弹力带套装", "阻力带组合", "拉力带套装", "拉力绳套装", "Widerstandsbänder-Set", "Fitnessbänder-Set", "Bänder-Set",
        "kit de bandes de résistance", "set d'élastiques", "kit élastiques de musculation", "juego de bandas de resistencia",
        "set de bandas elásticas", "kit de bandas", "トレーニングチューブセット", "レジスタンスバンドセット", "チューブセット")),
    "BAND-LOOP": ("Loop Resistance Band", (
        "loop band", "loop bands", "mini band", "mini bands", "mini loop", "resistance loop", "booty band",
        "环形弹力带", "环形阻力带", "弹力圈", "阻力圈", "翘臀圈", "Loop-Band", "Loopband", "Miniband", "Minibänder", "Fitnessloop",
        "bande élastique en boucle", "mini bande", "élastique boucle", "banda elástica circular", "mini banda", "banda de bucle",
        "ループバンド", "ミニバンド", "ヒップバンド", "トレーニングループ")),
    "SOCK-3P": ("Running Socks 3-Pack", (
        "running socks", "running sock", "socks", "sock", "sock pack", "socks 3-pack", "three-pack socks", "3 pack of socks",
        "跑步袜", "跑步袜三双装", "袜子", "运动袜", "跑袜", "Laufsocken", "Socken", "Laufsocken 3er-Pack", "Sportsocken",
        "chaussettes de course", "chaussettes", "chaussettes de running", "calcetines de correr", "calcetines", "calcetines running",
        "ランニングソックス", "ソックス", "靴下", "ランニング靴下")),
    "MAT-TPE": ("Yoga Mat TPE", (
        "yoga mat", "yoga mats", "mat", "mats", "TPE mat", "exercise mat", "瑜伽垫", "瑜珈垫", "瑜伽垫子", "TPE瑜伽垫", "运动垫", "健身垫",
        "Yogamatte", "Matte", "Gymnastikmatte", "Sportmatte", "tapis de yoga", "tapis", "tapis de sport",
        "esterilla de yoga", "esterilla", "colchoneta de yoga", "ヨガマット", "マット", "エクササイズマット")),
    "ROLL-45": ("Foam Roller 45 cm", (
        "foam roller", "foam rollers", "roller", "roller 45", "45 cm roller", "massage roller", "recovery roller",
        "泡沫轴", "泡沫滚轴", "按摩轴", "瑜伽柱", "45厘米泡沫轴", "Faszienrolle", "Schaumstoffrolle", "Massagerolle",
        "rouleau de massage", "rouleau en mousse", "rouleau", "rodillo de espuma", "rodillo", "rodillo de masaje",
        "フォームローラー", "ストレッチローラー", "筋膜ローラー")),
    "TOW-ICE": ("Cooling Towel", (
        "cooling towel", "cooling towels", "ice towel", "cool towel", "towel", "towels", "冰感毛巾", "冰凉巾", "冷感毛巾", "冰毛巾", "凉感毛巾", "运动毛巾", "毛巾",
        "Kühlhandtuch", "Kühltuch", "Handtuch", "kühlendes Handtuch", "serviette rafraîchissante", "serviette", "serviette de refroidissement",
        "toalla refrescante", "toalla", "toalla fría", "クールタオル", "冷感タオル", "ひんやりタオル", "タオル")),
    "BELT-RUN": ("Running Belt", (
        "running belt", "running belts", "belt", "waist belt", "runner's belt", "waist pack", "phone belt", "running waist bag",
        "跑步腰包", "跑步腰带", "腰包", "运动腰包", "Laufgürtel", "Laufgurt", "Gürtel", "Hüfttasche", "Bauchtasche",
        "ceinture de course", "ceinture de running", "ceinture", "cinturón de running", "cinturón para correr", "cinturón", "riñonera",
        "ランニングベルト", "ランニングポーチ", "ウエストポーチ")),
    "CAP-UV": ("UV Running Cap", (
        "running cap", "cap", "caps", "UV cap", "sun cap", "running hat", "hat", "sun hat", "跑步帽", "遮阳帽", "防晒帽", "帽子", "空顶帽", "运动帽",
        "Laufkappe", "Kappe", "UV-Kappe", "Laufmütze", "Laufcap", "casquette", "casquette de course", "casquette UV",
        "gorra", "gorra de running", "gorra UV", "ランニングキャップ", "キャップ", "UVキャップ")),
    "VEST-HI": ("Reflective Vest", (
        "reflective vest", "reflective vests", "vest", "vests", "hi-vis vest", "high-visibility vest", "safety vest", "running vest", "night vest",
        "反光背心", "反光马甲", "夜跑背心", "反光衣", "背心", "Reflexweste", "Warnweste", "Laufweste", "Weste", "Sicherheitsweste",
        "gilet réfléchissant", "gilet", "gilet de sécurité", "chaleco reflectante", "chaleco", "反射ベスト", "リフレクターベスト", "ベスト")),
    "GEL-24": ("Energy Gel Box of 24", (
        "energy gel", "energy gels", "gel", "gels", "gel box", "box of gels", "gels box of 24", "24 gels",
        "能量胶", "能量胶24支装", "能量凝胶", "盒装能量胶", "Energiegel", "Energie-Gel", "Energy-Gel", "Gels 24er-Box",
        "gel énergétique", "gels énergétiques", "gel énergie", "gel energético", "geles energéticos", "geles",
        "エナジージェル", "エネルギージェル", "ジェル")),
    "ROPE-SPD": ("Speed Rope", (
        "speed rope", "speed ropes", "rope", "ropes", "jump rope", "jump ropes", "skipping rope", "skipping ropes", "jumping rope",
        "跳绳", "竞速跳绳", "速度跳绳", "钢丝跳绳", "Springseil", "Speed-Rope", "Seil", "Springschnur",
        "corde à sauter", "corde", "corde de vitesse", "comba", "cuerda de saltar", "cuerda", "cuerda para saltar",
        "縄跳び", "なわとび", "スピードロープ", "トレーニング縄跳び")),
    "BOX-GIFT": ("Gift Box", (
        "gift box", "gift boxes", "gift set", "gift sets", "present box", "holiday box", "Northlane gift box",
        "礼盒", "礼品盒", "礼物盒", "礼盒套装", "圣诞礼盒", "Geschenkbox", "Geschenkset", "Geschenkpaket",
        "coffret cadeau", "coffret", "boîte cadeau", "caja de regalo", "set de regalo", "caja regalo", "estuche de regalo",
        "ギフトボックス", "ギフトセット", "ギフト箱")),
}  # fmt: skip
