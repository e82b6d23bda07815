"""Leaving out what is not proven: whole sentences, or the clause that holds the claim when the rest stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.proof.judge import Claim, Verdict
from agent.reading.said import Span

_KINDS = {
    "en": {"number": "number", "date": "date", "sku": "product code"},
    "zh": {"number": "数字", "date": "日期", "sku": "商品编号"},
}
_SAFE_CUT = re.compile(r"\s*[,;，；]\s*(?:and|but|while|und|aber|et|mais|y|pero|而|但|并且|且)?\s*", re.I)
_END = re.compile(r"\s*[.!?。！？]?\s*$")
_ITEM = re.compile(r"[ \t]*(?:[-*•|]|\d{1,2}[.)、])")
_BINDING = re.compile(
    r"^\s*(?:if|when|because|since|unless|although|while|wenn|weil|si|quand|cuando|如果|因为|虽然|当)\b", re.I
)


def withhold(answer: str, verdict: Verdict, language: str) -> tuple[str, list[str]]:
    """The answer without its unproven claims, and one note per part left out, in Chinese for Chinese answers
    and in English otherwise. A table row goes as a whole; a heading or a lead-in left with nothing to lead goes too."""
    cuts: dict[Span, list[Claim]] = {}
    for claim in verdict.unproven:
        cuts.setdefault(_part(answer, verdict, claim), []).append(claim)
    spans = _merged(sorted(cuts))
    kept, at = "", 0
    for start, end in spans:
        kept += answer[at:start]
        at = end
    kept = _tidied(kept + answer[at:], answer)
    notes = [
        _note([c for span in cuts for c in cuts[span] if start <= span[0] < end], language, answer)
        for start, end in spans
    ]
    return kept, notes


def _part(answer: str, verdict: Verdict, claim: Claim) -> Span:
    start, end = claim.sentence
    body = answer[start:end]
    if body.strip().startswith("|") or _BINDING.match(body):
        return start, end
    a, b = claim.clause
    bad = [c for c in verdict.unproven if c.sentence == claim.sentence]
    good = [c for c in verdict.claims if c.proven and c.sentence == claim.sentence and not a <= c.span[0] < b]
    all_here = all(a <= c.span[0] < b for c in bad)
    opening = _SAFE_CUT.fullmatch(answer[max(start, a - 1) : a]) or answer[max(0, a - 1) : a] in ",;，；"
    if all_here and good and a > start and opening and _closes(answer[b:end]):
        return a - 1, b - len(_END.search(answer[a:b])[0])  # type: ignore[index]
    return start, end


def _closes(tail: str) -> bool:
    return bool(re.fullmatch(r"\s*[.!?。！？]?\s*", tail))


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _tidied(text: str, answer: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")]
    kept: list[str] = []
    for i, line in enumerate(lines):
        bare = line.strip()
        if re.fullmatch(r"(?:[-*•]|\d{1,2}[.)、]|\*+)?\s*", bare) and bare:
            continue
        following = next((later.strip() for later in lines[i + 1 :] if later.strip()), "")
        if bare.endswith((":", "：")) and (
            not following or following.endswith((":", "：")) or _led(answer, line, lines[i + 1])
        ):
            continue
        if re.match(r"#+\s", bare) and (not following or re.match(r"#+\s", following)):
            continue
        kept.append(line)
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(kept))
    joined = re.sub(r"[;；][ \t]*(?=\n|$)", lambda m: "." if m[0][0] == ";" else "。", joined)
    joined = re.sub(r"[ \t]+([,.;!?])", r"\1", joined)
    return re.sub(r"(?<=\S)[ \t]{2,}", " ", joined).strip()


def _led(answer: str, line: str, following: str) -> bool:
    """Whether a line led a list in the answer that is gone now."""
    at = answer.find(line + "\n")
    return at >= 0 and bool(_ITEM.match(answer, at + len(line) + 1)) and not _ITEM.match(following)


def _note(claims: Sequence[Claim], language: str, answer: str) -> str:
    first = claims[0]
    said = "、" if language.startswith("zh") else ", "
    texts = said.join(dict.fromkeys(c.text.strip() for c in claims))
    if language.startswith("zh"):
        kind = _KINDS["zh"][first.kind] if len({c.kind for c in claims}) == 1 else "内容"
        return f"有一处内容未显示：其中的{kind} {texts} 无法用本轮结果证实。"
    kind = _KINDS["en"][first.kind] if len({c.kind for c in claims}) == 1 else "claims"
    row = answer[first.sentence[0] : first.sentence[1]].strip().startswith("|")
    part = "table row" if row else "sentence" if "".join(answer[slice(*first.sentence)]).strip() else "part"
    if len(claims) == 1:
        return f"One {part} was left out because its {kind} {texts} is not in this turn's results."
    kind = kind if kind == "claims" else kind + "s"
    return f"One {part} was left out because its {kind} {texts} are not in this turn's results."
