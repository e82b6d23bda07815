"""write_listing: a product page's texts, recombined from the brand's own material, every sentence cited and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shop.errors import ShopError
from shop.listing_rules import channels as listing_channels
from shop.listing_rules import rules_of
from shop.warehouse import Shop
from tools.contract import (
    About,
    DataUsed,
    Finding,
    Proposal,
    Request,
    Result,
    Tool,
    ToolError,
    channel,
    code,
    count,
    finding,
    language,
    on,
    sku,
)  # fmt: skip
from tools.copywriting.voice import Voice, voice
from tools.messages import refusal
from tools.progress import tell

if TYPE_CHECKING:
    from knowledge.store import Store
    from shop.listing_rules import ListingRules
    from tools.copywriting.claims import Claim, Refused
    from tools.copywriting.listing import Listing
    from tools.copywriting.write import Ground

MOST_LISTINGS = 8
SHIPPED_CHANNELS = ("amazon", "shopify", "alibaba", "tiktok", "woocommerce", "ebay", "etsy")
KEY = "write_listing."


class WriteListing(Request):
    """Which listing: of what, in which languages, for which channel, country and price tier, in how many variants."""

    more_channels: ClassVar[tuple[str, ...]] = SHIPPED_CHANNELS

    sku: str = Field(description="the product")
    languages: list[str] = Field([], description="language codes such as en, zh, de; the country's own if not said")
    channel: str = Field(
        "", description="amazon, shopify, alibaba, tiktok, woocommerce, ebay or etsy; the shop's main one if not said"
    )
    country: str = Field("", description="for whom: its units, rules and policies")
    price_tier: Literal["value", "core", "premium"] = Field(
        "core", description="what leads: practical facts, or make and story"
    )
    variants: int = Field(
        1, ge=1, le=4, description="versions for an A/B test: proof, story, use scene, what reviews praise"
    )


def run(shop: Shop, request: WriteListing) -> Result:
    """Write product page copy from the brand's own stories, tests and reviews: title, bullets, description, search
    terms, tags and SEO texts within the channel's limits, in any language, for a country and price tier, in variants
    for A/B tests; every sentence cited and verified, refused claims and missing evidence listed. Use it for "write an
    Amazon listing", "product description in German", "写一个Shopify文案", "A/B versions of the title".
    """
    from knowledge.errors import KnowledgeError
    from knowledge.store import open_store

    tongues = _languages(request)
    if len(tongues) * request.variants > MOST_LISTINGS:
        raise refusal("errors.too_many_listings", said=len(tongues) * request.variants, most=MOST_LISTINGS)
    through = request.channel or _main_channel(shop)
    try:
        rules = rules_of(through, shop.as_of, shop.folder)
        store = open_store(shop.folder)
        return _written(shop, store, rules, request, tongues)
    except ShopError as unknown:
        if request.channel and through not in listing_channels(shop.folder):
            raise refusal(
                "errors.no_listing_rules", channel=through, known=", ".join(listing_channels(shop.folder))
            ) from unknown
        raise
    except KnowledgeError as refused:
        raise ToolError(str(refused)) from refused


def _written(
    shop: Shop, store: Store, rules: ListingRules, request: WriteListing, tongues: list[str]
) -> Result:  # fmt: skip
    from tools.copywriting.choose import ANGLES
    from tools.copywriting.gaps import gaps
    from tools.copywriting.telling import (
        differences,
        disputed,
        left_out,
        refused,
        sentences_table,
        texts,
        thin,
        to_file,
    )
    from tools.copywriting.write import ground, write

    speaker = voice()
    angles = [one for one in ANGLES if one != "story" or rules.story][: request.variants]
    told: list[Finding] = []
    asides: list[Finding] = []
    listings: list[Listing] = []
    turned_down: list[Refused] = []
    about: Ground | None = None
    spoken = list(tongues)
    while spoken:
        tongue = spoken.pop(0)
        about = ground(shop, store, request.sku, tongue, request.country)
        if not about.ranked:
            raise refusal("errors.no_material", sku=request.sku)
        made, all_refused = write(
            shop, about, rules, tongue, request.country, request.price_tier, angles, speaker, _telling
        )
        turned_down += all_refused
        fluent = speaker is None or speaker.writes(tongue)
        for one in made:
            told += texts(one, rules, speaker.name if speaker else "none", fluent)
            asides += [*thin(one), to_file(one)]
        if made:
            asides += differences(made, request.variants)
        else:
            told += _nothing(request.sku, tongue, speaker)
        listings += made
        source = about.language
        if (not made or not fluent) and source not in (*tongues, tongue) and source not in spoken:
            asides.append(finding(f"{KEY}instead", "info", language=language(source)))
            spoken.append(source)
            tongues = [*tongues, source]
        if about.record.named(tongue) is None:
            asides.append(finding(f"{KEY}needs_name", "info", language=language(tongue), sku=sku(request.sku)))
    assert about is not None
    asides += disputed(request.sku, about.disputed)
    missing = gaps(shop, about.record, about.material, about.ranked, request.country)
    return Result(
        findings=[*told, *asides, *missing, *refused(request.sku, turned_down)],
        points=len(told) + len(asides) + len(missing),
        tables=[sentences_table(listings)] if listings else [],
        proposals=[Proposal(kind="listing", payload=one.payload().model_dump(mode="json")) for one in listings],
        assumptions=_assumptions(rules, listings, speaker),
        warnings=left_out(request.sku, about.material.left_out),
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version,
            tables={"passages": len(about.material.passages), "searches": len(about.wanted.terms)},
            reference=[rules.version, f"knowledge version {store.version}"],
        ),
    )  # fmt: skip


def _languages(request: WriteListing) -> list[str]:
    """The languages asked for, else the country's own, else English; as BCP 47 tags."""
    from babel import Locale, UnknownLocaleError

    from tools.copywriting.demand import LANGUAGE_OF

    found = []
    for said in request.languages or [LANGUAGE_OF.get(request.country, "en")]:
        tag = said.strip().replace("_", "-")
        try:
            Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError) as unknown:
            raise refusal("errors.unknown_language", said=said[:40], known="en, zh, de, fr, es, ja") from unknown
        found.append(tag)
    return list(dict.fromkeys(found))


def _main_channel(shop: Shop) -> str:
    """The channel with most orders that has listing rules; Shopify for a shop without orders."""
    known = listing_channels(shop.folder)
    return next((one for one in shop.vocabulary.channels if one in known), "shopify")


def _telling(field: str, claim: Claim) -> None:
    tell(f"{field}: {claim.text}")


def _nothing(item: str, tongue: str, speaker: Voice | None) -> list[Finding]:
    told = [finding(f"{KEY}none", "act", About(skus=[item]), language=language(tongue), sku=sku(item))]
    if speaker is None:
        told.append(finding(f"{KEY}no_model", "info", language=language(tongue)))
    return told


def _assumptions(rules: ListingRules, listings: list[Listing], speaker: Voice | None) -> list[Finding]:
    through = channel(rules.channel)
    told = [finding(f"{KEY}limits", "info", channel=through, day=on(max(one.as_of for one in rules.limits)))]
    told += [
        finding(f"{KEY}unconfirmed", "info", channel=through, field=code(one.field))
        for one in rules.limits
        if one.status == "U" and one.field in ("title", "description") and "our own" not in one.source
    ]
    if not rules.story:
        told.append(finding(f"{KEY}no_story", "info", channel=through))
    if listings and not any(one.by_model for one in listings):
        told.append(finding(f"{KEY}own_words", "info"))
    for one in listings:
        if speaker is not None and one.asked:
            told.append(
                finding(
                    f"{KEY}caught", "info", model=code(speaker.name), language=language(one.language),
                    asked=count(one.asked), kept=count(one.kept),
                )
            )  # fmt: skip
    return told


WRITE_LISTING = Tool("write_listing", WriteListing, run)
