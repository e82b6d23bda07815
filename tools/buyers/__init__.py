"""What search_knowledge says of buyers' opinions: when they are asked for, and how they are told."""
