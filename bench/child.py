"""Run one contender of one question and print what it measured as a line of JSON.

    child.py QUESTION CONTENDER SCALE {off|on}

SCALE divides the sizes: 1 is the full question, 10 the quick one. off | on: the cyclic collector.
"""

import gc
import importlib
import json
import pathlib
import sys


def main() -> None:
    """Run what the command line names."""
    here = pathlib.Path(__file__).resolve().parent
    sys.path[:0] = [str(here)]
    question, contender, scale, collector = sys.argv[1:]
    module = importlib.import_module(f"questions.{question}")
    gc.collect()
    if collector == "off":
        gc.disable()
    print(json.dumps(module.CONTENDERS[contender](int(scale))))


if __name__ == "__main__":
    main()
