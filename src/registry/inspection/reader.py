"""Follow a pickle's opcodes, and step over the arrays that joblib writes between them.

joblib writes the bytes of each array in the middle of the pickle, right after the object that
describes it. Scanners that do not know this stop at the first array and report the rest as clean,
so the opcodes are followed here closely enough to know each array's size and step over it. What
cannot be followed is reported as unreadable, never as safe; and so is what might make joblib step
over other bytes than this reader does, for code could hide in the difference.
"""

from __future__ import annotations

import bz2
import io
import lzma
import math
import pickletools
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from src.messages import N_
from src.registry.inspection.lists import (
    CLASS_NAME,
    EXPECTED,
    EXPECTED_PACKAGES,
    UNKNOWN,
    level,
    words,
)

MAX_BYTES = 1 << 30
"""Of a decompressed artifact; a larger one is not read to its end."""

MAX_OPCODES = 20_000_000


class _Unreadable(Exception):
    """Why the rest cannot be read."""


def read_imports(data: bytes) -> tuple[set[tuple[str, str]], list[str]]:
    """Return the modules and names that a pickle imports, and what makes one doubt the list."""
    imports: set[tuple[str, str]] = set()
    doubts: list[str] = []
    try:
        file = io.BytesIO(_decompress(data))
        _Reader(file, imports, doubts).read()
        if file.read(1):
            raise _Unreadable(N_("Há mais dados depois do fim do modelo."))
    except _Unreadable as error:
        doubts.append(str(error))
    return imports, doubts


def _decompress(data: bytes) -> bytes:
    opener = next((kind for prefix, kind in _CONTAINERS.items() if data.startswith(prefix)), None)
    if opener is None:
        return data  # what is neither this nor a pickle fails at its first opcode
    try:
        plain = opener(io.BytesIO(data)).read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise _Unreadable(N_("A compressão do arquivo está danificada.")) from error
    if len(plain) > MAX_BYTES:
        raise _Unreadable(N_("Descompactado, o arquivo passa de 1 GiB e não foi lido até o fim."))
    return plain


class _Zlib:
    """zlib has no file of its own, and for gzip joblib does not use Python's."""

    def __init__(self, file: io.BytesIO, window: int = zlib.MAX_WBITS) -> None:
        self.data, self.window = file.getvalue(), window

    def read(self, limit: int) -> bytes:
        unpacker = zlib.decompressobj(self.window)
        plain = unpacker.decompress(self.data, limit)
        if unpacker.unused_data or (not unpacker.eof and len(plain) < limit):
            raise EOFError  # what follows the end is read differently by each reader
        return plain


_CONTAINERS: dict[bytes, Callable[[io.BytesIO], Any]] = {
    b"\x78": _Zlib,
    b"\x1f\x8b": lambda file: _Zlib(file, zlib.MAX_WBITS | 16),
    b"BZ": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
    b"\x5d\x00": lzma.LZMAFile,
}


# Following the opcodes. Only what decides an import or an array's size has a value; the rest is
# `_OTHER` on the stack.


@dataclass(frozen=True)
class _Global:
    """An import; a dotted name may be anything and so has none here."""

    name: str
    level: str


@dataclass(eq=False)
class _Made:
    """An object made by calling or instantiating ``of``.

    ``bare`` if by ``__new__`` without arguments; ``shared`` once it was fetched a second time.
    """

    of: Any = None
    args: Any = None
    state: Any = None
    bare: bool = False
    shared: bool = False


@dataclass(eq=False)
class _Dict:
    """A dictionary's texts; ``odd`` if a key was computed, and may equal one of them."""

    items: dict[str, Any] = field(default_factory=dict)
    odd: bool = False
    shared: bool = False

    def set(self, items: list[Any]) -> None:
        for key, value in zip(items[::2], items[1::2], strict=True):
            if isinstance(key, str):
                self.items[key] = value
            self.odd |= isinstance(key, _Made | _Global)


_MARK, _OTHER = object(), object()
_TEXTS = {
    "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8",
}  # fmt: skip
_NUMBERS = {"INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4"}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_CONSTANTS = {"NEWTRUE": True, "NEWFALSE": False, "NONE": None, "EMPTY_TUPLE": ()}
_LOST = N_("O arquivo não é um pickle, ou está danificado.")
_STRANGE = N_("O arquivo guarda tabelas de números de um modo que não se conhece.")
_MIXED = N_("O arquivo monta objetos de um modo que não se conhece.")
_FOREIGN = N_("O arquivo chama código que não se conhece, e o resto pode ter sido mal lido.")
_WRAPPER = "joblib.numpy_pickle.NumpyArrayWrapper"
_WRAPPER_STATE = words("subclass shape order dtype allow_mmap numpy_array_alignment_bytes")
_REBUILDERS = {"copyreg._reconstructor", "copy_reg._reconstructor"}
_BASES = {
    f"{module}.{name}"
    for module in ("builtins", "__builtin__")
    for name in ("object", "dict", "list", "set", "tuple")
}
_MAKERS_OF_THEIR_ARGUMENT = words(
    """
    sklearn.metrics._dist_metrics.newObj sklearn.neighbors._kd_tree.newObj
    sklearn.neighbors._ball_tree.newObj numpy.random._pickle.__bit_generator_ctor
    pandas._libs.arrays.__pyx_unpickle_NDArrayBacked
    numpy.random.bit_generator.__pyx_unpickle_SeedSequence
    """
)
_READERS_OF_THEIR_STATE = words(
    """
    numpy.random._pcg64.PCG64 numpy.random._pcg64.PCG64DXSM numpy.random._mt19937.MT19937
    numpy.random._philox.Philox numpy.random._sfc64.SFC64
    """
)
"""Classes that take a state apart themselves, here numbers and a seed, and give it to no one."""

_MAKERS_OF_ONE_CLASS = words(
    """
    numpy.dtype numpy.ndarray numpy.core.multiarray._reconstruct
    numpy._core.multiarray._reconstruct numpy.random._pickle.__randomstate_ctor
    numpy.random._pickle.__generator_ctor functools.partial numpy.core.numeric._frombuffer
    numpy._core.numeric._frombuffer
    """
)
"""Functions, and classes with a small initial, whose results can be given a state."""


class _Reader:
    def __init__(
        self, file: io.BytesIO, imports: set[tuple[str, str]], doubts: list[str], depth: int = 0
    ) -> None:
        self.file, self.imports, self.doubts, self.depth = file, imports, doubts, depth
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.frame_end = 0

    def read(self) -> None:
        """Follow one pickle to its end."""
        try:
            for count, (opcode, argument, _position) in enumerate(pickletools.genops(self.file)):
                if count > MAX_OPCODES:
                    raise _Unreadable(N_("O arquivo é longo demais para ser examinado."))
                self.step(opcode, argument)
        except (
            ValueError, IndexError, KeyError, TypeError, AttributeError, EOFError, RecursionError,
        ) as error:  # fmt: skip
            raise _Unreadable(_LOST) from error
        if self.file.tell() < self.frame_end:
            raise _Unreadable(_LOST)  # unpickling goes on after the frame, not after the end in it

    def step(self, opcode: Any, argument: Any) -> None:
        name = opcode.name
        if name in _TEXTS or name in _NUMBERS:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _TUPLES:
            self.stack[-_TUPLES[name] :] = [tuple(self.stack[-_TUPLES[name] :])]
        elif name == "FRAME":
            self.frame_end = self.file.tell() + argument
        elif name in ("GLOBAL", "INST"):
            made = self.note(*argument.split(" ", 1))
            if name == "INST":
                self.call(made, tuple(self.pop_to_mark()))
            else:
                self.stack.append(made)
        elif name == "STACK_GLOBAL":
            attribute, module = self.stack.pop(), self.stack.pop()
            self.stack.append(self.note(module, attribute))
        elif name in ("EXT1", "EXT2", "EXT4"):
            self.stack.append(self.note("copyreg", f"extension {argument}"))
        elif name in ("PERSID", "BINPERSID"):
            raise _Unreadable(N_("O arquivo aponta para dados que não estão nele."))
        elif hasattr(self, f"_{name.lower()}"):
            getattr(self, f"_{name.lower()}")(argument)
        else:
            self.generic(opcode)

    def note(self, module: Any, name: Any) -> _Global:
        if not isinstance(module, str) or not isinstance(name, str):
            raise _Unreadable(
                N_("O arquivo calcula o nome do que importa, o que nenhum modelo faz.")
            )
        self.imports.add((module, name))
        return _Global("" if "." in name else f"{module}.{name}", level(module, name))

    def call(self, callee: Any, args: Any, *, bare: bool = False) -> None:
        """Push what a call gives. Code nobody knows could change the very reading of the rest."""
        if not isinstance(callee, _Global) or callee.level == UNKNOWN:
            self.doubts.append(_FOREIGN)  # what is dangerous is said anyway
        self.stack.append(_Made(callee, args, bare=bare))

    def fetch(self, value: Any) -> None:
        if isinstance(value, _Made | _Dict):
            value.shared = True
        self.stack.append(value)

    def pop_to_mark(self) -> list[Any]:
        items = []
        while (item := self.stack.pop()) is not _MARK:
            items.append(item)
        return items[::-1]

    def generic(self, opcode: Any) -> None:
        before = opcode.stack_before
        if pickletools.markobject in before:
            self.pop_to_mark()
            before = before[: before.index(pickletools.markobject)]
        for _ in before:
            self.stack.pop()
        self.stack.extend([_OTHER] * len(opcode.stack_after))

    def _mark(self, _: Any) -> None:
        self.stack.append(_MARK)

    def _dup(self, _: Any) -> None:
        self.fetch(self.stack[-1])

    def _memoize(self, _: Any) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def _put(self, index: Any) -> None:
        self.memo[int(index)] = self.stack[-1]

    _binput = _long_binput = _put

    def _get(self, index: Any) -> None:
        self.fetch(self.memo[int(index)])

    _binget = _long_binget = _get

    def _append(self, _: Any) -> None:
        self.stack.pop()

    def _appends(self, _: Any) -> None:
        self.pop_to_mark()

    _additems = _appends

    def _tuple(self, _: Any) -> None:
        self.stack.append(tuple(self.pop_to_mark()))

    def _empty_dict(self, _: Any) -> None:
        self.stack.append(_Dict())

    def _dict(self, _: Any) -> None:
        made = _Dict()
        made.set(self.pop_to_mark())
        self.stack.append(made)

    def _setitem(self, _: Any) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.set_items([key, value])

    def _setitems(self, _: Any) -> None:
        self.set_items(self.pop_to_mark())

    def set_items(self, items: list[Any]) -> None:
        if isinstance(self.stack[-1], _Dict):
            self.stack[-1].set(items)

    def _reduce(self, _: Any) -> None:
        args, callee = self.stack.pop(), self.stack.pop()
        self.call(callee, args)

    def _newobj(self, _: Any) -> None:
        args, callee = self.stack.pop(), self.stack.pop()
        self.call(callee, args, bare=args == ())

    def _newobj_ex(self, _: Any) -> None:
        self.stack.pop()
        self._reduce(None)

    def _obj(self, _: Any) -> None:
        callee, *args = self.pop_to_mark()
        self.call(callee, tuple(args))

    def _build(self, _: Any) -> None:
        state, made = self.stack.pop(), self.stack[-1]
        owner = _class_of(made)
        if owner == _WRAPPER:
            self.stack[-1] = self.skip_array(made, state)
            return
        if not owner or not (_is_plain(state) or _reads_it(made, owner, state)):
            # What is filled here might be an array's description, and its bytes be opcodes.
            self.doubts.append(_MIXED)
        if isinstance(made, _Made):
            made.state = state

    def skip_array(self, wrapper: _Made, state: Any) -> Any:
        """Step over the bytes that joblib reads itself, and return what stands for the array."""
        fields = state.items if isinstance(state, _Dict) else {}
        shape = fields.get("shape")
        if (
            self.depth  # joblib reads what is in an array of objects with the ordinary unpickler
            or wrapper.shared
            or not (wrapper.bare or _name(wrapper.of) in _REBUILDERS)
            or not isinstance(state, _Dict)
            or state.shared
            or state.odd
            or not fields.keys() <= _WRAPPER_STATE
            or not isinstance(shape, tuple)
            or not all(type(length) is int and length >= 0 for length in shape)
            or self.file.tell() < self.frame_end
        ):
            raise _Unreadable(_STRANGE)
        size, holds_objects = _item(fields.get("dtype"))
        if holds_objects:
            _Reader(self.file, self.imports, self.doubts, self.depth + 1).read()
            return _Made()
        if fields.get("numpy_array_alignment_bytes") is not None:
            self.file.seek(self.file.read(1)[0], io.SEEK_CUR)
        end = self.file.tell() + size * math.prod(shape)
        if end > self.file.getbuffer().nbytes:
            raise _Unreadable(_LOST)
        self.file.seek(end)
        return _OTHER


def _name(value: Any) -> str:
    return value.name if isinstance(value, _Global) else ""


def _class_of(made: Any) -> str:
    """Return the class of what gets a state, if how it was made leaves no doubt; otherwise ""."""
    if not isinstance(made, _Made) or not isinstance(made.of, _Global):
        return ""
    owner: Any = made.of
    args = made.args if isinstance(made.args, tuple) else ()
    if owner.name in _REBUILDERS:
        if len(args) != 3 or _name(args[1]) not in _BASES:
            return ""
        owner = args[0]
    elif owner.name in _MAKERS_OF_THEIR_ARGUMENT:
        owner = args[0] if args else None
    elif owner.name == "numpy.dtype" and args[1:] != (False, True):
        return ""  # not a copy: its state would be that of all arrays of its type
    elif owner.name in _MAKERS_OF_ONE_CLASS:
        return owner.name
    elif not made.bare and not all(_is_value(arg) for arg in args):
        return ""  # a class may give what an object among its arguments gives
    if not isinstance(owner, _Global) or owner.level != EXPECTED:
        return ""
    module, _dot, name = owner.name.rpartition(".")
    known = module.partition(".")[0] in EXPECTED_PACKAGES and CLASS_NAME.fullmatch(name)
    return owner.name if known or owner.name == _WRAPPER else ""


def _is_value(arg: Any) -> bool:
    if isinstance(arg, _Made):
        return _name(arg.of) in _MAKERS_OF_ONE_CLASS
    return not isinstance(arg, _Global | _Dict)


def _is_plain(state: Any) -> bool:
    """Whether a state is seen whole, and gives its object no other class or dictionary."""
    parts = state if isinstance(state, tuple) and len(state) == 2 else (state,)
    return all(
        not isinstance(part, _Made | _Global)
        and not (
            isinstance(part, _Dict)
            and (part.odd or any(name.startswith("__") for name in part.items))
        )
        for part in parts
    )


def _reads_it(made: Any, owner: str, state: Any) -> bool:
    """Whether an object takes its state apart itself, and gives it to no one."""
    # pandas' arrays: a type and an array; only a third part would be attributes.
    of_pandas = _name(made.of) == "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked"
    pair = isinstance(state, tuple) and len(state) == 2
    return (of_pandas and pair) or owner in _READERS_OF_THEIR_STATE


def _item(dtype: Any) -> tuple[int, bool]:
    """Return an array element's size in bytes, and whether it is a Python object."""
    unknown = _Unreadable(_STRANGE)
    if not isinstance(dtype, _Made) or _name(dtype.of) != "numpy.dtype":
        raise unknown
    code = dtype.args[0] if isinstance(dtype.args, tuple) and dtype.args else None
    match = re.fullmatch(r"[|<>=]?([?bBhHiIlLqQefdgFDGmMOSaUVcu])(\d*)", code or "")
    if not match:
        raise unknown
    kind, digits = match.groups()
    # version, byte order, subarray, names, fields, size, alignment, flags, metadata
    state: Any = (3, "|", None, None, None, -1, -1, int(kind == "O"))
    if dtype.state is not None:
        state = dtype.state
    if not isinstance(state, tuple) or len(state) not in (8, 9) or state[2] is not None:
        raise unknown
    fields, stated, flags = state[4], state[5], state[7]
    if not isinstance(flags, int) or (bool(flags & 1) != (kind == "O") and kind != "V"):
        raise unknown
    if kind == "O":
        return 8, True
    if not digits:
        raise unknown
    size = int(digits) * (4 if kind == "U" else 1)
    if stated not in (-1, size):
        raise unknown
    if kind != "V":
        return size, False
    parts = fields.items.values() if isinstance(fields, _Dict) else ()
    members = [part[0] for part in parts if isinstance(part, tuple) and part]
    holds_objects = any(_item(member)[1] for member in members)
    if not members or holds_objects != bool(flags & 1):
        raise unknown
    return size, holds_objects
