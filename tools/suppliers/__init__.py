"""Decisions behind match_suppliers: who may be ordered from, who should be, and how much from each."""
