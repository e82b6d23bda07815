"""Cash ahead: when the money of sales, purchases and taxes really comes and goes."""
