"""Stock against demand day by day, parcels against their promise, orders against the usual."""
