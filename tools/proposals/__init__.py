"""How each kind of change is read from a payload and put before the operator."""
