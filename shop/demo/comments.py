"""What customers write when they send something back."""

from __future__ import annotations

import numpy as np

SILENT = 0.45  # share of refunds without a word

_BY_CAUSE: dict[str, dict[str, tuple[str, ...]]] = {
    "vest sizes run small": {
        "en": ("Ordered my usual M, it is more like an S. Cannot close it over a jacket.", "Runs a full size small.", "Too tight across the shoulders, size chart is wrong.", "Sizes come up small, bought L and needed XL."),
        "de": ("Fällt viel zu klein aus, über die Jacke geht sie nicht zu.", "Eine ganze Nummer zu klein.", "Größentabelle stimmt nicht, an den Schultern zu eng."),
        "fr": ("Taille très petit, il faut prendre une taille au-dessus.", "Trop serré aux épaules, le guide des tailles est faux."),
        "ja": ("いつものサイズなのに小さいです。", "肩がきつくて着られません。ワンサイズ小さい。"),
    },
    "bad batch: lid leaks": {
        "en": ("The lid leaks, my bag was soaked.", "Lid does not seal, drips when lying on its side.", "Leaking lid, the seal ring sits crooked."),
        "de": ("Der Deckel ist undicht, die ganze Tasche war nass.", "Deckel tropft, Dichtung sitzt schief."),
        "fr": ("Le bouchon fuit, tout mon sac était mouillé.", "Le couvercle n'est pas étanche."),
        "ja": ("蓋から水が漏れます。", "パッキンがずれていて漏れます。"),
    },
    "belt zip breaks after the supplier changed it": {
        "en": ("The zip broke on the third run.", "Zipper teeth came apart, phone fell out."),
        "de": ("Reißverschluss nach drei Läufen kaputt.", "Der Reißverschluss geht auf."),
        "fr": ("La fermeture éclair a cassé à la troisième sortie.",),
        "ja": ("3回目のランでファスナーが壊れました。",),
    },
    "mat smells when new": {
        "de": ("Riecht sehr stark nach Chemie, auch nach zwei Wochen Lüften.", "Der Geruch ist unerträglich."),
        "ja": ("ゴムの臭いがきつくて使えません。", "臭いが取れません。"),
    },
    "mat shorter than the French page said": {
        "fr": ("La page annonce 190 cm, le tapis mesure 173 cm.", "Plus court que sur l'annonce.", "Dimensions fausses, il manque 17 cm."),
    },
    "refund abuse": {"en": ("Never arrived.", "Parcel not received, please refund.", "Tracking says delivered but I have nothing.", "Not received again.")},
}  # fmt: skip
_BY_REASON: dict[str, dict[str, tuple[str, ...]]] = {
    "CHANGED_MIND": {
        "en": ("No longer needed.", "Bought two by mistake.", "Got one as a present."),
        "de": ("Nicht mehr benötigt.", "Gefällt mir doch nicht."),
        "fr": ("Je n'en ai plus besoin.", "Changé d'avis."),
        "ja": ("不要になりました。", "間違えて注文しました。"),
    },
    "NOT_AS_DESCRIBED": {
        "en": ("Colour is darker than in the photos.", "Looks different from the picture."),
        "de": ("Farbe weicht vom Foto ab.", "Sieht anders aus als beschrieben."),
        "fr": ("La couleur est différente de la photo.",),
        "ja": ("写真と色が違います。",),
    },
    "DEFECTIVE": {
        "en": ("Faulty out of the box.", "Came apart after a week."),
        "de": ("Nach einer Woche kaputt.", "Defekt angekommen."),
        "fr": ("Défectueux dès réception.", "Cassé au bout d'une semaine."),
        "ja": ("初期不良でした。",),
    },
    "DAMAGED_IN_TRANSIT": {
        "en": ("Box was crushed, item dented.", "Arrived damaged."),
        "de": ("Karton zerdrückt, Artikel verbeult.",),
        "fr": ("Colis écrasé, article abîmé.",),
        "ja": ("箱がつぶれて届きました。",),
    },
    "ARRIVED_LATE": {
        "en": ("Arrived after the race.", "Too late, bought it elsewhere."),
        "de": ("Kam zu spät, habe woanders gekauft.",),
        "fr": ("Livré trop tard.",),
        "ja": ("届くのが遅すぎました。",),
    },
    "SIZE_TOO_SMALL": {
        "en": ("Too small.", "Tight fit."), "de": ("Zu klein.",), "fr": ("Trop petit.",), "ja": ("小さすぎました。",),
    },
    "SIZE_TOO_LARGE": {
        "en": ("Too big.", "Too loose."), "de": ("Zu groß.",), "fr": ("Trop grand.",), "ja": ("大きすぎました。",),
    },
}  # fmt: skip


def comment(rng: np.random.Generator, language: str, reason: str, cause: str) -> str | None:
    """A customer's words in a language, or none. The true cause shows in the words, never its name."""
    if rng.random() < SILENT:
        return None
    said = _BY_CAUSE.get(cause, {}).get(language) or _BY_REASON.get(reason, {}).get(language)
    return None if not said else said[int(rng.integers(len(said)))]
