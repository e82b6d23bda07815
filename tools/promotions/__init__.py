"""Who gets a discount, on what, when and how deep: segments, past promotions, stock, and the profit of each depth."""
