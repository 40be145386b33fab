"""Comparisons that Python's == is too kind for."""

from __future__ import annotations

import datetime
import math


def same(left, right):
    """Equal in content, type, order of dicts, sign of zeros; NaN equals NaN."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return (math.isnan(left) and math.isnan(right)) or (
            left == right and math.copysign(1, left) == math.copysign(1, right)
        )
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))
    if isinstance(left, (set, frozenset)):
        return same(sorted(left, key=_order), sorted(right, key=_order))
    if isinstance(left, datetime.datetime):
        zones = (left.tzinfo, right.tzinfo)
        return (
            left.replace(tzinfo=None) == right.replace(tzinfo=None)
            and left.fold == right.fold
            and type(zones[0]) is type(zones[1])
            and str(zones[0]) == str(zones[1])
            and left.utcoffset() == right.utcoffset()
            and left.tzname() == right.tzname()
        )
    return left == right


def _order(value):
    """A sort key that does not depend on the order of a set's elements."""
    if isinstance(value, (frozenset, tuple)):
        keys = [_order(item) for item in value]
        return type(value).__name__, repr(sorted(keys) if isinstance(value, frozenset) else keys)
    return type(value).__name__, repr(value)
