"""Standards, certificates, approvals and codes in a text, written one way whatever their spacing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Sort = Literal["standard", "scheme", "grade", "code"]

_BODIES = r"EN|ISO|DIN|ASTM|IEC|UL|AS|NZS|BS|JIS|GB|GB/T|ANSI|NSF|NF|UNI|AAMI|AATCC|IEEE|VDE|NFPA|CPSC|SA|FZ/T|QB/T|UN"
_STANDARD = re.compile(
    rf"(?<![\w])(?P<bodies>(?:{_BODIES})(?:[ /-](?:{_BODIES}))*)[\s-]?(?P<number>[A-Z]?\d[\d.]*\d|\d)(?:-\w+)*(?P<year>:\d{{4}})?",
    re.ASCII,  # Chinese and Japanese put no space before or after
)
_SCHEMES: dict[str, str] = {
    "FDA": r"FDA", "LFGB": r"LFGB(?![\w-])", "CE": r"CE(?=\W|$|认证|標識|マーク)(?!-)", "UKCA": r"UKCA", "FCC": r"FCC", "ROHS": r"RoHS",
    "REACH": r"REACH(?![\w-])", "OEKO-TEX": r"(?:OEKO|Oeko|ÖKO|Öko|Öeko)-?\s?-?(?:TEX|Tex)(?![\w-])(?:[ -]?(?:Standard|STANDARD))?(?:\s?100)?",
    "GOTS": r"GOTS", "FSC": r"FSC", "PEFC": r"PEFC", "BSCI": r"BSCI", "PSE": r"PSE", "BLUESIGN": r"[Bb]luesign",
    "GRS": r"GRS(?=\W|$)", "RDS": r"RDS(?=\W|$)", "TUV": r"TÜV|TUV", "GS": r"GS(?:[- ](?:Zeichen|mark|geprüft|zertifiziert|certified))",
    "ENERGY STAR": r"(?i:energy star)", "USDA ORGANIC": r"USDA(?: Organic)?", "EU ORGANIC": r"(?i:EU[- ](?:Bio|organic)(?:[- ](?:Siegel|logo|label))?|Bio-Siegel)",
    "DEMETER": r"Demeter", "FAIRTRADE": r"(?i:fair ?trade)", "LEAPING BUNNY": r"(?i:leaping bunny)", "MFI": r"MFi", "QI": r"Qi(?=[ -]?(?:certified|zertifiziert|standard|wireless|认证|認証|kompatibel|compatible))",
    "UL": r"UL(?=认证|認証|[ -](?:listed|certified|approved|gelistet|zertifiziert|certifié))", "CSA": r"CSA(?=\W|$|认证|認証)",
    "KC": r"KC(?=认证|認証|[ -](?:certified|mark))", "CQC": r"CQC", "SAA": r"SAA(?=\W|$|认证)",
    "ETL": r"ETL(?=\W|$)", "CCC": r"CCC(?=\W|$|认证)|3C认证", "SGS": r"SGS", "INTERTEK": r"Intertek", "HACCP": r"HACCP", "IFS": r"IFS(?![\w-])",
    "BRC": r"BRC", "GMP": r"GMP(?=\W|$)", "MSC": r"MSC(?=\W|$)", "ASC": r"ASC(?=\W|$)", "CPSIA": r"CPSIA", "CPC": r"CPC(?=\W|$)", "PROP65": r"(?i:prop(?:osition)?\.? ?65)",
    "ECOLABEL": r"(?i:eu[- ]?ecolabel|eu-umweltzeichen|écolabel européen)", "BLUE ANGEL": r"(?i:blauer engel|blue angel)", "NORDIC SWAN": r"(?i:nordic swan)",
    "RED DOT": r"(?i:red dot)", "STIFTUNG WARENTEST": r"(?i:stiftung warentest)", "OKO-TEST": r"(?i:öko-?test)", "JAS": r"(?:有機)?JAS(?=\W|$|認証|マーク)", "SG": r"SGマーク",
    "SIAA": r"SIAA", "ECARF": r"ECARF", "AFNOR": r"AFNOR", "NF": r"NF(?= certif)", "ORIGINE FRANCE": r"(?i:origine france garantie)", "IATF": r"IATF", "B CORP": r"(?i:b[- ]corp)",
    "CLIMATE PARTNER": r"(?i:climate ?partner)", "CRUELTY FREE": r"(?i:cruelty[- ]free|tierversuchsfrei)", "EPA": r"EPA(?=\W|$)", "ADA": r"ADA(?=[ -](?:accepted|approved))", "PETA": r"PETA",
}  # fmt: skip
_SCHEME = re.compile("|".join(rf"(?P<s{n}>(?<![A-Za-zÄÖÜäöü-])(?:{p}))" for n, p in enumerate(_SCHEMES.values())))
_GRADE = re.compile(
    r"(?<![A-Za-z])(?P<name>IP|IPX|UPF|SPF|IK|AISI|SUS|Shore|Qi)\s?(?P<class>[A-D](?=[ \d]))?\s?(?P<value>X?\d{1,4}X?)(?P<plus>\+)?(?![\w])",
    re.IGNORECASE | re.ASCII,
)
_STEEL_WORD = r"(?:stainless|steel|Edelstahl|acier|inox|acero|ステンレス|鋼|不锈钢|钢)"
_STEEL = re.compile(
    rf"(?<!\d)(?:18/8|18/10|18/0|1\.4116|VG-?10|AUS-?8)(?!\d)|(?<!\d)(?:304|316L?|420|430|440C?)(?=\s?{_STEEL_WORD})"
)
_CODE = re.compile(r"(?<![\w-])(?=[A-Z\d./-]*\d)(?=[A-Z\d./-]*[A-Z])[A-Z\d]+(?:[-./][A-Z\d]+)+(?![\w-])", re.ASCII)
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?:[:.,]\d{1,2})?(?![\d:])")
_WITH_NUMBER = re.compile(r"(?<![\w-])(?P<scheme>LFGB|REACH|OEKO-TEX|IFS|EN\d+|GOTS|FSC|GRS)(?=-[A-Z\d.]+)", re.ASCII)


@dataclass(frozen=True)
class Standard:
    """A standard, scheme, grade or code where it stands; `name` is how all its spellings are compared.

    bodies: who wrote a standard (EN, ISO); year: of its edition, where said.
    """

    name: str
    sort: Sort
    start: int
    end: int
    bodies: frozenset[str] = frozenset()
    year: str = ""

    def is_of(self, other: Standard) -> bool:
        """Whether this, said in a source, is what `other` names in a claim."""
        if self.sort != other.sort or self.name != other.name:
            return False
        if other.year and other.year != self.year:
            return False
        return not other.bodies or not self.bodies or bool(self.bodies & other.bodies)


def standards_in(text: str) -> list[Standard]:
    """Every standard, scheme, grade, code and clock time in a text, in order, none inside another."""
    found: list[Standard] = []

    def add(one: Standard) -> None:
        if not any(s.start < one.end and one.start < s.end for s in found):
            found.append(one)

    for m in _CODE.finditer(text):
        add(Standard(m[0], "code", *m.span()))
    for m in _STANDARD.finditer(text):
        bodies = frozenset(re.split(r"[ /-]", m["bodies"])) - {"T"}
        add(Standard(m["number"].strip(".-"), "standard", *m.span(), bodies=bodies, year=(m["year"] or "")[1:]))
    for m in _GRADE.finditer(text):
        name = m["name"].upper()
        add(Standard(f"{name}{(m['class'] or '').upper()}{m['value'].upper()}{m['plus'] or ''}", "grade", *m.span()))
    names = list(_SCHEMES)
    for m in _SCHEME.finditer(text):
        add(Standard(names[int(str(m.lastgroup)[1:])], "scheme", *m.span()))
    for m in _CLOCK.finditer(text):
        add(Standard(m[0].replace(",", "."), "code", *m.span()))
    for m in _STEEL.finditer(text):
        add(Standard(m[0], "grade", *m.span()))
    named = [Standard(m["scheme"], "scheme", m.start(), m.end()) for m in _WITH_NUMBER.finditer(text)]
    numbered = [
        Standard(body[2], "standard", m.start(), m.end(), frozenset({body[1]}))
        for m in _WITH_NUMBER.finditer(text)
        if (body := re.match(r"([A-Z]+)(\d+)$", m["scheme"]))
    ]
    return sorted(
        [*found, *(n for n in named if not re.search(r"\d", n.name)), *numbered], key=lambda s: (s.start, s.end)
    )
