"""How copy is recombined from the brand's own passages: picked, cut, worded, checked and fitted to a channel."""
