"""The ``python`` backend: the whole graph API in plain Python, slow and obvious.

It is the oracle: what the C backend does is compared with what these modules do, so they follow
definitions word for word and never trade clarity for speed.
"""
