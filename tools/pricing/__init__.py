"""What a price should be: expected profit over what is known of demand, inside hard limits."""
