"""Random draws that are the same on every machine and backend.

The generator is xoshiro256** (D. Blackman and S. Vigna, Scrambled linear pseudorandom number
generators, 2021), its state filled by SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, Fast
splittable pseudorandom number generators, 2014). A stream is a pair of a seed and a stream number.
"""

from __future__ import annotations

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15


def mix(number: int) -> int:
    """SplitMix64's finalizer: a bijection of 64-bit numbers."""
    number = (number + _GOLDEN) & _MASK
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB & _MASK
    return number ^ (number >> 31)


def _rotate(word: int, bits: int) -> int:
    return (word << bits | word >> (64 - bits)) & _MASK


class Random:
    """The numbers of stream `stream` of `seed`."""

    def __init__(self, seed: int, stream: int = 0) -> None:
        base = mix(seed & _MASK) ^ mix((mix(stream & _MASK) + _GOLDEN) & _MASK)
        self._state = [mix((base + word * _GOLDEN) & _MASK) for word in range(4)]

    def next(self) -> int:
        """The next number, 0 <= number < 2**64."""
        state = self._state
        drawn = _rotate(state[1] * 5 & _MASK, 7) * 9 & _MASK
        shifted = state[1] << 17 & _MASK
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = _rotate(state[3], 45)
        return drawn

    def below(self, bound: int) -> int:
        """The next number below `bound`, all equally likely: the lowest draws are rejected."""
        threshold = (2**64 - bound) % bound
        drawn = self.next()
        while drawn < threshold:
            drawn = self.next()
        return drawn % bound


def sample(count: int, size: int, seed: int) -> list[int]:
    """`size` different numbers below `count`: the head of a Fisher-Yates shuffle."""
    draws = Random(seed)
    numbers = list(range(count))
    for place in range(size):
        other = place + draws.below(count - place)
        numbers[place], numbers[other] = numbers[other], numbers[place]
    return numbers[:size]


def shuffled(count: int, draws: Random) -> list[int]:
    """The numbers below `count` in random order: Fisher-Yates from the end to the front."""
    numbers = list(range(count))
    for place in range(count - 1, 0, -1):
        other = draws.below(place + 1)
        numbers[place], numbers[other] = numbers[other], numbers[place]
    return numbers
