"""How many units will be ordered: daily series from the books, models, rolling backtests, intervals."""
