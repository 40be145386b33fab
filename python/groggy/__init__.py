"""groggy: a mutable property graph with algorithms."""
