"""The figures behind the weekly review."""
