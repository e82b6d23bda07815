"""How an FAQ comes about: what buyers ask, what the product's kind needs, what the brand's own material answers."""
