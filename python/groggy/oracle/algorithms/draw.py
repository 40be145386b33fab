"""Random draws that are the same on every machine and backend.

The generator is splitmix64 (G. L. Steele, D. Lea and C. H. Flood, Fast splittable pseudorandom
number generators, 2014): one 64-bit state, a few lines in any language.
"""

from __future__ import annotations

_MASK = 2**64 - 1


class SplitMix64:
    """The sequence of 64-bit numbers that belongs to a seed."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def next(self) -> int:
        """The next number, 0 <= number < 2**64."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _MASK
        return mixed ^ (mixed >> 31)


def sample(count: int, size: int, seed: int) -> list[int]:
    """`size` different numbers below `count`: the head of a Fisher-Yates shuffle."""
    draws = SplitMix64(seed)
    numbers = list(range(count))
    for place in range(size):
        other = place + draws.next() % (count - place)
        numbers[place], numbers[other] = numbers[other], numbers[place]
    return numbers[:size]


def shuffle(numbers: list[int], draws: SplitMix64) -> None:
    """Fisher-Yates, from the end to the front, in place."""
    for place in range(len(numbers) - 1, 0, -1):
        other = draws.next() % (place + 1)
        numbers[place], numbers[other] = numbers[other], numbers[place]
