"""Filter expressions: a small part of Python's, evaluated safely on one node or edge at a time.

    "age > 30 and city == 'NYC'"

Grammar, loosest first: ``or``; ``and``; ``not``; comparisons (chained), ``in``, ``not in``,
``is None``, ``is not None``; ``+ -``; ``* / // %``; unary ``-``; literals, names, calls,
parentheses. A name is an attribute; names of any other shape stand in backticks. Literals are
ints (64 bits), floats, strings, True, False, None, and tuples and lists of literals.

An attribute that is absent, and an operation that its operands do not allow (``'a' + 1``, division
by zero, an int result beyond 64 bits), is MISSING. Arithmetic and functions hand MISSING on, every
comparison with it is False, and it counts as false. ``and``, ``or``, ``not`` and comparisons give
True or False, never an operand.

The text is parsed by precedence climbing (Richards 1979, "The BCPL Cintcode and Cintpos User
Guide") into postfix code, and the code runs on a stack: no expression, however long, recurses when
it is evaluated. Since evaluation has neither effects nor errors, nothing needs to short-circuit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from groggy.errors import ExpressionError
from groggy.oracle.values import INT64_MAX, INT64_MIN

DEPTH_LIMIT = 100


class _Missing:
    """The value of what is not there."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()

OR, AND, NOT, COMPARISON, SUM, TERM, UNARY = range(7)
BINARY = {"or": OR, "and": AND, "+": SUM, "-": SUM, "*": TERM, "/": TERM, "//": TERM, "%": TERM}
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
KEYWORDS = {"or", "and", "not", "in", "is", "True", "False", "None"}
CONSTANTS = {"True": True, "False": False, "None": None}
OPERATORS = (
    "==",
    "!=",
    "<=",
    ">=",
    "//",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "%",
    "(",
    ")",
    "[",
    "]",
    ",",
)
ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t", "r": "\r"}


class Token:
    """A piece of the text: its kind ('int', 'float', 'str', 'name', 'quoted', 'op', 'end')."""

    __slots__ = ("column", "kind", "text", "value")

    def __init__(self, kind: str, text: str, value: Any, column: int) -> None:
        self.kind = kind
        self.text = text
        self.value = value
        self.column = column

    def describe(self) -> str:
        return "the end" if self.kind == "end" else repr(self.text)


def _starts_name(character: str) -> bool:
    return character == "_" or (character.isascii() and character.isalpha()) or character > "\x7f"


def _continues_name(character: str) -> bool:
    return _starts_name(character) or character in "0123456789"


class Lexer:
    """Cuts an expression into tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fail(self, message: str, at: int) -> ExpressionError:
        return ExpressionError(
            f"column {at + 1}: {message} in expression {self.text!r}", self.text, at + 1
        )

    def tokens(self) -> list[Token]:
        tokens = []
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
                self.at += 1
            if self.at == len(self.text):
                tokens.append(Token("end", "", None, self.at + 1))
                return tokens
            tokens.append(self.token())

    def token(self) -> Token:
        start = self.at
        character = self.text[start]
        if character in "'\"":
            return self.string(character)
        if character == "`":
            return self.quoted_name()
        after = self.text[start + 1 : start + 2]
        if character in "0123456789" or (character == "." and after and after in "0123456789"):
            return self.number()
        if _starts_name(character):
            while self.at < len(self.text) and _continues_name(self.text[self.at]):
                self.at += 1
            word = self.text[start : self.at]
            return Token("op" if word in KEYWORDS else "name", word, word, start + 1)
        for operator in OPERATORS:
            if self.text.startswith(operator, start):
                self.at += len(operator)
                return Token("op", operator, operator, start + 1)
        raise self.fail(f"unexpected character {character!r}", start)

    def digits(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in "0123456789":
            self.at += 1

    def number(self) -> Token:
        start = self.at
        kind = "int"
        self.digits()
        if self.text.startswith(".", self.at):
            kind = "float"
            self.at += 1
            self.digits()
        if self.text[self.at : self.at + 1] in ("e", "E"):
            kind = "float"
            self.at += 1
            if self.text[self.at : self.at + 1] in ("+", "-"):
                self.at += 1
            exponent = self.at
            self.digits()
            if self.at == exponent:
                raise self.fail("expected the digits of an exponent", self.at)
        if self.at < len(self.text) and (
            _continues_name(self.text[self.at]) or self.text[self.at] == "."
        ):
            raise self.fail(f"unexpected character {self.text[self.at]!r} after a number", self.at)
        text = self.text[start : self.at]
        if kind == "float":
            return Token(kind, text, float(text), start + 1)
        digits = text.lstrip("0") or "0"
        # 2**63 itself is kept for a minus sign to turn into the smallest int64.
        if len(digits) > 19 or int(digits) > INT64_MAX + 1:
            raise self.fail(f"integer {text[:40]} does not fit into 64 bits", start)
        return Token(kind, text, int(digits), start + 1)

    def string(self, quote: str) -> Token:
        start = self.at
        self.at += 1
        pieces: list[str] = []
        while True:
            if self.at == len(self.text):
                raise self.fail("this string is not closed", start)
            character = self.text[self.at]
            self.at += 1
            if character == quote:
                return Token("str", self.text[start : self.at], "".join(pieces), start + 1)
            if character == "\\":
                escape = self.text[self.at : self.at + 1]
                if escape not in ESCAPES or not escape:
                    raise self.fail(
                        "unknown escape; allowed are \\\\ \\' \\\" \\n \\t \\r", self.at - 1
                    )
                character = ESCAPES[escape]
                self.at += 1
            pieces.append(character)

    def quoted_name(self) -> Token:
        start = self.at
        end = self.text.find("`", start + 1)
        if end < 0:
            raise self.fail("this name is not closed by a backtick", start)
        if end == start + 1:
            raise self.fail("expected a name between the backticks", start)
        self.at = end + 1
        return Token("quoted", self.text[start : end + 1], self.text[start + 1 : end], start + 1)


class Parser:
    """Turns tokens into postfix code: a list of (operation, argument)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = Lexer(text).tokens()
        self.at = 0
        self.depth = 0
        self.code: list[tuple[str, Any]] = []

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def fail(self, message: str, token: Token | None = None) -> ExpressionError:
        column = (token or self.next).column
        return ExpressionError(
            f"column {column}: {message} in expression {self.text!r}", self.text, column
        )

    def accept(self, text: str) -> bool:
        if self.next.kind == "op" and self.next.text == text:
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.fail(f"expected {text!r}, found {self.next.describe()}")

    def enter(self) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise self.fail(f"nested deeper than {DEPTH_LIMIT} levels")

    def parse(self) -> list[tuple[str, Any]]:
        self.expression(OR)
        if self.next.kind != "end":
            raise self.fail(f"expected an operator or the end, found {self.next.describe()}")
        return self.code

    def expression(self, minimum: int) -> None:
        """An operand and all operators that bind at least as tightly as `minimum`."""
        self.operand(minimum)
        while self.next.kind == "op":
            operator = self.next.text
            if operator in COMPARISONS or operator in ("in", "is", "not"):
                if minimum > COMPARISON:
                    return
                self.comparison()
                continue
            precedence = BINARY.get(operator)
            if precedence is None or precedence < minimum:
                return
            self.at += 1
            self.expression(precedence + 1)
            self.code.append(("binary", operator))

    def operand(self, minimum: int) -> None:
        if minimum <= NOT and self.accept("not"):
            self.enter()
            self.expression(NOT)
            self.depth -= 1
            self.code.append(("not", None))
        elif self.next.text == "-" and self.next.kind == "op":
            after = self.tokens[self.at + 1]
            if after.kind in ("int", "float"):
                self.at += 1
                self.code.append(("constant", self.number(negative=True)))
                return
            self.at += 1
            self.enter()
            self.expression(UNARY)
            self.depth -= 1
            self.code.append(("negate", None))
        else:
            self.primary()

    def comparison(self) -> None:
        """``a < b <= c``: the operands stand on the stack, one operation compares them in pairs."""
        operators = []
        while self.next.kind == "op":
            operator = self.next.text
            if operator in COMPARISONS or operator == "in":
                self.at += 1
            elif operator == "not":
                self.at += 1
                self.expect("in")
                operator = "not in"
            elif operator == "is":
                self.at += 1
                operator = "is not" if self.accept("not") else "is"
                if self.next.text != "None" or self.next.kind != "op":
                    raise self.fail(f"expected None after 'is', found {self.next.describe()}")
            else:
                break
            start = len(self.code)
            self.expression(SUM)
            right = self.code[start]
            # A container counts for `in` only when it is written here: "'a' in ['a', 'b']".
            if (
                operator in ("in", "not in")
                and len(self.code) == start + 1
                and (right[0] == "constant" and isinstance(right[1], (list, tuple)))
            ):
                operator += " literal"
            operators.append(operator)
        self.code.append(("compare", operators))

    def number(self, negative: bool) -> int | float:
        token = self.next
        value: int | float = -token.value if negative else token.value
        if token.kind == "int" and not INT64_MIN <= value <= INT64_MAX:
            raise self.fail(f"integer {token.text} does not fit into 64 bits")
        self.at += 1
        return value

    def primary(self) -> None:
        token = self.next
        if token.kind in ("int", "float"):
            self.code.append(("constant", self.number(negative=False)))
        elif token.kind == "str":
            self.at += 1
            self.code.append(("constant", token.value))
        elif token.kind == "op" and token.text in CONSTANTS:
            self.at += 1
            self.code.append(("constant", CONSTANTS[token.text]))
        elif token.kind == "op" and token.text in ("(", "["):
            self.parenthesis()
        elif token.kind == "name" and self.tokens[self.at + 1].text == "(":
            self.call()
        elif token.kind in ("name", "quoted"):
            self.at += 1
            self.code.append(("name", token.value))
        else:
            raise self.fail(f"expected a value, found {token.describe()}")

    def parenthesis(self) -> None:
        """A list, a tuple of literals, or an expression in parentheses."""
        if self.next.text == "[" or self.is_tuple():
            self.code.append(("constant", self.literal()))
            return
        self.expect("(")
        self.enter()
        self.expression(OR)
        self.depth -= 1
        if self.next.text == ",":
            raise self.fail("expected ')': a tuple holds literals only")
        self.expect(")")

    def is_tuple(self) -> bool:
        """Whether the parenthesis here opens a tuple: ``()`` or a literal and a comma."""
        start, depth = self.at, self.depth
        try:
            self.at += 1
            if self.next.text == ")" and self.next.kind == "op":
                return True
            self.literal()
            return self.next.text == "," and self.next.kind == "op"
        except ExpressionError:
            return False
        finally:
            self.at, self.depth = start, depth

    def literal(self) -> Any:
        token = self.next
        if token.kind in ("int", "float"):
            return self.number(negative=False)
        if token.kind == "op" and token.text == "-":
            self.at += 1
            if self.next.kind not in ("int", "float"):
                raise self.fail(f"expected a number, found {self.next.describe()}")
            return self.number(negative=True)
        if token.kind == "str":
            self.at += 1
            return token.value
        if token.kind == "op" and token.text in CONSTANTS:
            self.at += 1
            return CONSTANTS[token.text]
        if token.kind == "op" and token.text in ("(", "["):
            return self.sequence("]" if token.text == "[" else ")")
        raise self.fail(f"expected a literal, found {token.describe()}")

    def sequence(self, close: str) -> list[Any] | tuple[Any, ...]:
        self.at += 1
        self.enter()
        items: list[Any] = []
        comma = True
        while not self.accept(close):
            if not comma:
                raise self.fail(f"expected ',' or {close!r}, found {self.next.describe()}")
            items.append(self.literal())
            comma = self.accept(",")
        self.depth -= 1
        if close == ")" and len(items) == 1 and not comma:
            raise self.fail("expected ',': a tuple of one literal is written (x,)")
        return items if close == "]" else tuple(items)

    def call(self) -> None:
        token = self.next
        name = token.text
        self.at += 2
        if name == "has":
            attribute = self.next
            if attribute.kind not in ("name", "quoted"):
                raise self.fail(f"expected an attribute name, found {attribute.describe()}")
            self.at += 1
            self.expect(")")
            self.code.append(("has", attribute.value))
            return
        if name not in FUNCTIONS:
            known = ", ".join(sorted([*FUNCTIONS, "has"]))
            raise self.fail(f"unknown function {name!r}; there are {known}", token)
        function, count = FUNCTIONS[name]
        self.enter()
        for position in range(count):
            if position:
                self.expect(",")
            self.expression(OR)
        self.depth -= 1
        self.expect(")")
        self.code.append(("call", (function, count)))


def _is_number(value: Any) -> bool:
    return type(value) in (bool, int, float)


def _int64(value: Any) -> Any:
    return value if type(value) is float or INT64_MIN <= value <= INT64_MAX else MISSING


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    if not (_is_number(left) and _is_number(right)):
        return MISSING
    if _int64(left) is MISSING or _int64(right) is MISSING:
        return MISSING
    if operator == "+":
        return _int64(left + right)
    if operator == "-":
        return _int64(left - right)
    if operator == "*":
        return _int64(left * right)
    if right == 0:
        return MISSING
    if operator == "/":
        return left / right
    return _int64(left // right if operator == "//" else left % right)


def _compare(operator: str, left: Any, right: Any) -> bool:
    if left is MISSING or right is MISSING:
        return False
    if operator == "==":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    if operator in ("is", "is not"):
        return (left is None) == (operator == "is")
    if operator == "in literal":
        return any(left == item for item in right)
    if operator == "not in literal":
        return not any(left == item for item in right)
    both_text = type(left) is str and type(right) is str
    if operator in ("in", "not in"):
        return both_text and (left in right) == (operator == "in")
    if not both_text and not (_is_number(left) and _is_number(right)):
        return False
    if operator == "<":
        return bool(left < right)
    if operator == "<=":
        return bool(left <= right)
    if operator == ">":
        return bool(left > right)
    return bool(left >= right)


def _negate(value: Any) -> Any:
    return _arithmetic("-", 0, value) if type(value) is not float else -value


def _absolute(value: Any) -> Any:
    if not _is_number(value) or _int64(value) is MISSING:
        return MISSING
    return _int64(abs(value))


def _length(value: Any) -> Any:
    sized = (str, bytes, list, tuple, dict, set, frozenset)
    return len(value) if type(value) in sized else MISSING


_LOWER = {ord(letter): ord(letter) + 32 for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_UPPER = {small: large for large, small in _LOWER.items()}


def _on_text(operation: Callable[..., Any]) -> Callable[..., Any]:
    """The operation where every argument is a str, MISSING elsewhere."""

    def apply(*arguments: Any) -> Any:
        if all(type(argument) is str for argument in arguments):
            return operation(*arguments)
        return MISSING

    return apply


FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {
    "len": (_length, 1),
    "abs": (_absolute, 1),
    "lower": (_on_text(lambda text: text.translate(_LOWER)), 1),
    "upper": (_on_text(lambda text: text.translate(_UPPER)), 1),
    "startswith": (_on_text(lambda text, part: text.startswith(part)), 2),
    "endswith": (_on_text(lambda text, part: text.endswith(part)), 2),
    "contains": (_on_text(lambda text, part: part in text), 2),
}


def _truth(value: Any) -> bool:
    return value is not MISSING and bool(value)


class Expression:
    """A parsed expression.

    Parameters
    ----------
    text : str
        The expression.

    Raises
    ------
    ExpressionError
        It cannot be parsed; ``column`` says where.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.code = Parser(text).parse()

    def matches(self, lookup: Callable[[str], Any], has: Callable[[str], bool]) -> bool:
        """Whether it holds, where ``lookup(name)`` gives a value or MISSING."""
        return _truth(self.evaluate(lookup, has))

    def evaluate(self, lookup: Callable[[str], Any], has: Callable[[str], bool]) -> Any:
        """Its value: one of the stored types, or MISSING."""
        stack: list[Any] = []
        for operation, argument in self.code:
            if operation == "constant":
                stack.append(argument)
            elif operation == "name":
                stack.append(lookup(argument))
            elif operation == "has":
                stack.append(has(argument))
            elif operation == "not":
                stack.append(not _truth(stack.pop()))
            elif operation == "negate":
                stack.append(_negate(stack.pop()))
            elif operation == "compare":
                operands = stack[-len(argument) - 1 :]
                del stack[-len(argument) - 1 :]
                pairs = zip(argument, operands, operands[1:])
                stack.append(all(_compare(*pair) for pair in pairs))
            elif operation == "call":
                function, count = argument
                arguments = stack[-count:]
                del stack[-count:]
                stack.append(function(*arguments))
            else:
                right = stack.pop()
                left = stack.pop()
                if argument == "or":
                    stack.append(_truth(left) or _truth(right))
                elif argument == "and":
                    stack.append(_truth(left) and _truth(right))
                else:
                    stack.append(_arithmetic(argument, left, right))
        return stack.pop()
