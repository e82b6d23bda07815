"""Files as documents: one reader for each format, none of which trusts the file."""
