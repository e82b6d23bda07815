"""An FAQ to file: as write_faq drafts it, or its draft as changed by the operator; every answer must stand in its sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shop.warehouse import Shop
from shop.writers.faq import FAQ, FaqAnswer, FaqPayload
from tools.arguments import resolve_sku
from tools.contract import About, ToolError, Value, code, count, finding, several, sku
from tools.messages import refusal
from tools.proposals.draft import Draft

if TYPE_CHECKING:
    from knowledge.passage import Passage

FIELDS = ("form", "sku", "language", "persona", "items")


def faq(shop: Shop, payload: Mapping[str, Any]) -> Draft:
    """The FAQ a payload means: its items, checked against the sources they name, or the one write_faq drafts without them.

    Raises ToolError when a field is unknown or wrong, or when an answer does not stand in its sources.
    """
    for name in payload:
        if name not in FIELDS:
            raise refusal("errors.payload_field", kind="listing (faq)", name=str(name)[:40], known=", ".join(FIELDS))
    if not payload.get("sku"):
        raise refusal("errors.missing_argument", tool="propose_change", name="sku", allowed="a SKU")
    item = resolve_sku(shop, str(payload["sku"]))
    content = {**payload, "sku": item, "form": "faq"} if payload.get("items") else _drafted(shop, item, payload)
    try:
        change = FaqPayload.model_validate(content)
    except ValidationError as wrong:
        told = wrong.errors(include_url=False)[0]
        where = ".".join(str(step) for step in told["loc"]) or "faq"
        raise ToolError(f"{where}: {told['msg'].removeprefix('Value error, ')}.") from wrong
    if payload.get("items"):
        _stand(shop, change)
    headline = finding(
        "propose_change.filed_faq", "info", About(skus=[item]), sku=sku(item), n=count(len(change.items)),
        language=Value(kind="language", value=change.language),
    )  # fmt: skip
    files = several([code(one.name) for one in FAQ.files(shop, change, "P")])
    return Draft(
        change, headline, findings=[finding("propose_change.on_approval", files=files)], tables={"products": 1}
    )


def _drafted(shop: Shop, item: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    from tools.write_faq import WriteFaq, run

    asked = WriteFaq(sku=item, language=payload.get("language"), persona=payload.get("persona"))
    drafts = run(shop, asked).proposals
    if not drafts:
        raise refusal("errors.faq_without_answers", sku=item)
    return drafts[0].payload


def _stand(shop: Shop, change: FaqPayload) -> None:
    """Refuse an answer whose sources are not in the memory, or that says what they do not."""
    from knowledge.store import open_store

    known = {passage.id: passage for passage in open_store(shop.folder).passages()}
    for item in change.items:
        for answer in item.answers:
            missing = next((one.passage for one in answer.sources if one.passage not in known), None)
            if missing:
                raise refusal("errors.faq_source_gone", passage=missing, question=item.question[:80])
            if not _supported(answer, [known[one.passage] for one in answer.sources], change.sku):
                raise refusal("errors.faq_not_supported", question=item.question[:80])


def _supported(answer: FaqAnswer, sources: Sequence[Passage], item: str) -> bool:
    """Whether every word of the answer stands in its sources, or, in other words than theirs, every sentence is verified."""
    from knowledge.verification import verify
    from tools.faq.asked import sentences

    held = {word for passage in sources for word in _words(passage.text)}
    if all(word in held for word in _words(answer.text)):
        return True
    return not answer.own_words and all(
        verify(one, sources, language=answer.language, sku=item).supported for one in sentences(answer.text)
    )


def _words(text: str) -> list[str]:
    from knowledge.words import words

    return words(re.sub(r"[*`|]", " ", text))
