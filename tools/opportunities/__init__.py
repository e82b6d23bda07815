"""Where more profit could come from: price gaps, searches without an answer, thin countries, seasons ahead."""
