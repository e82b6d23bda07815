"""Whether a question is about suppliers as such, whatever they make: whom not to order from."""

from __future__ import annotations

import re

_WHOM_TO_TRUST = re.compile(
    r"\bscam|\bfraud|\bfake\b|\btrust|\bdodgy|\bshady|\bsuspicious|\bscreen(?:ed|ing)?\b|\bvet(?:ted|ting)?\b|\bblacklist|"
    r"骗|可疑|可信|不靠谱|靠不靠谱|信不过|信得过|踩雷|坑|欺诈|排查|筛查|有问题|betr[uü]g|unseriös|\barnaque|\bescroc|\bestafa|詐欺|怪しい",
    re.IGNORECASE,
)


def asks_whom_to_trust(question: str) -> bool:
    """Whether it asks which suppliers are sound."""
    return bool(_WHOM_TO_TRUST.search(question))
