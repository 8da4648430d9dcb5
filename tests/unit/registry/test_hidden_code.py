"""Files in which joblib would step over other bytes than the inspection does.

Each hides a call of ``os.mkdir`` in the difference: where joblib takes more bytes for an array's
than the inspection, the call stands in what the inspection takes for a text; where it takes less,
in what the inspection takes for an array.
"""

from __future__ import annotations

import gzip
import pickle
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from src.registry import artifact, inspection

pytestmark = pytest.mark.core

START, STOP, BUILD, REDUCE, NEW, NONE = b"\x80\x04", b".", b"b", b"R", b")\x81", b"N"
TRUE, FALSE = b"\x88", b"\x89"


def text(value: str) -> bytes:
    return b"\x8c" + bytes([len(value)]) + value.encode()


def name(module: str, attribute: str) -> bytes:
    return text(module) + text(attribute) + b"\x93"


def number(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)


def row(*items: bytes) -> bytes:
    return b"(" + b"".join(items) + b"t"


def call(callee: bytes, *args: bytes) -> bytes:
    return callee + row(*args) + REDUCE


def table(items: dict[bytes, bytes]) -> bytes:
    return b"}(" + b"".join(key + value for key, value in items.items()) + b"u"


def dtype(code: str, copy: bytes = TRUE) -> bytes:
    return call(name("numpy", "dtype"), text(code), FALSE, copy)


def dtype_state(size: int = -1, flags: int = 0) -> bytes:
    versioned = [number(3), text("|"), NONE, NONE, NONE, number(size), number(-1), number(flags)]
    return row(*versioned) + BUILD


WRAPPER = name("joblib.numpy_pickle", "NumpyArrayWrapper")
BYTES = dtype("u1")
SCALAR = name("numpy.core.multiarray", "scalar")


def items(length: int, of: bytes = BYTES, **more: bytes) -> dict[bytes, bytes]:
    known = {"subclass": name("numpy", "ndarray"), "shape": row(number(length))}
    known |= {"order": text("C"), "dtype": of, "allow_mmap": FALSE} | more
    return {text(key): value for key, value in known.items()}


def state(length: int, of: bytes = BYTES, **more: bytes) -> bytes:
    return table(items(length, of, **more)) + BUILD


def attacks(path: Path) -> dict[str, bytes]:
    evil = call(name("posix", "mkdir"), text(str(path))) + STOP
    quote = b"C" + bytes([len(evil)])  # the inspection: a text of that length
    quoted = quote + evil + STOP
    # The same behind what joblib takes for the length of an alignment, 67, and that alignment.
    aligned = b"C" + bytes([66 + len(evil)]) + b"x" * 66 + evil + STOP
    exporter = name("sklearn.tree._export", "_BaseTreeExporter") + NEW
    as_wrapper = {text("__class__"): WRAPPER}
    unread = call(name("builtins", "type"), WRAPPER + NEW)
    unread += row(NONE, table({text("read"): name("builtins", "slice")})) + BUILD
    inner = call(SCALAR, BYTES, b"C\x01x") + STOP
    framed = b"\x95" + (len(inner) + len(quote)).to_bytes(8, "little") + inner
    maker = name("sklearn.metrics._dist_metrics", "newObj")
    wrapping = call(name("sklearn.utils._available_if", "MethodType"), maker, WRAPPER)
    plain = WRAPPER + NEW
    objects = plain + state(1, dtype("O8"))
    return {
        "object.__new__": call(name("builtins", "object.__new__"), WRAPPER) + state(2) + quoted,
        "copyreg.__newobj__": call(name("copyreg", "__newobj__"), WRAPPER) + state(2) + quoted,
        "a dotted name": (
            name("sklearn.utils.parallel", "joblib.numpy_pickle.NumpyArrayWrapper")
            + NEW + state(2) + quoted
        ),
        "a function that makes any class": (
            call(maker, WRAPPER) + state(2) + quoted
        ),
        "an index of another class": (
            call(name("pandas.core.indexes.base", "_new_Index"), WRAPPER, b"}")
            + state(2) + quoted
        ),
        "a function that gives its argument": (
            call(SCALAR, dtype("O8"), WRAPPER + NEW) + state(2) + quoted
        ),
        "a class that gives what its argument gives": (
            call(
                name("scipy.signal._ltisys", "StateSpace"),
                name("scipy.signal._ltisys", "TransferFunctionContinuous")
                + NEW + table({text("to_ss"): wrapping}) + BUILD,
            )
            + state(2) + quoted
        ),
        "__init__ with defaults": (
            call(WRAPPER, name("numpy", "ndarray"), row(number(0)), text("C"), BYTES)
            + state(0) + aligned
        ),
        "a second state": (
            plain + b"q\x00" + state(0, numpy_array_alignment_bytes=number(16)) + b"\x000h\x00"
            + state(0) + aligned
        ),
        "a computed key": (
            plain
            + table(items(0) | {call(name("builtins", "str"), text("shape")): row(number(2))})
            + BUILD + quoted
        ),
        "an alignment that is no number": (
            plain + state(0, numpy_array_alignment_bytes=b"]") + aligned
        ),
        "a method in the state": (
            plain + state(len(evil), read=name("builtins", "slice")) + evil + STOP
        ),
        "a method of the class": unread + plain + state(len(evil)) + evil + STOP,
        "a new class": exporter + row(table(items(2)), table(as_wrapper)) + BUILD + quoted,
        "a changed size": plain + state(1, dtype("S1") + dtype_state(3)) + b"x" + quoted,
        "objects said to be none": (
            plain + state(1, dtype("O8") + dtype_state(flags=0))
            + START + b"NNNN" + quoted + STOP
        ),
        "a type that all share": (
            dtype("u1", copy=FALSE) + dtype_state(flags=1) + plain + state(len(evil)) + evil + STOP
        ),
        "an array in an array of objects": (
            objects + START + plain + state(len(evil)) + evil + STOP + STOP
        ),
        "a frame longer than its pickle": objects + START + framed + quoted,
    }  # fmt: skip


@pytest.mark.parametrize("way", attacks(Path("/x")))
def test_code_that_only_joblib_would_find_is_never_called_clean(tmp_path: Path, way: str) -> None:
    found = inspection.inspect(START + attacks(tmp_path / "executado")[way])
    assert not found.complete, found
    assert found.problem


def test_the_hidden_call_is_one_that_joblib_makes(tmp_path: Path) -> None:
    trap = tmp_path / "executado"
    artifact.load(START + attacks(trap)["object.__new__"])
    assert trap.exists()


def test_code_nobody_knows_leaves_the_rest_in_doubt_but_listed() -> None:
    strange = call(name("casa.modelos", "Regra")) + b"0" + name("sklearn.pipeline", "Pipeline")
    found = inspection.inspect(START + strange + STOP)
    assert not found.complete
    assert (found.unknown, found.expected) == (
        ("casa.modelos.Regra",),
        ("sklearn.pipeline.Pipeline",),
    )


def test_an_array_type_that_holds_itself_is_unreadable() -> None:
    fields = table({text("a"): row(b"h\x00", number(0))})
    versioned = [
        number(3),
        text("|"),
        NONE,
        row(text("a")),
        fields,
        number(1),
        number(1),
        number(0),
    ]
    endless = dtype("V1") + b"q\x00" + row(*versioned) + BUILD
    assert not inspection.inspect(START + WRAPPER + NEW + state(1, endless) + b"x" + STOP).complete


def test_a_file_compressed_in_pieces_is_unreadable(model: Pipeline) -> None:
    data = artifact.dump(model).data
    assert inspection.inspect(gzip.compress(data)).complete
    assert not inspection.inspect(gzip.compress(data[:90]) + gzip.compress(data[90:])).complete


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_the_ways_a_pickle_makes_objects_are_known(protocol: int) -> None:
    found = inspection.inspect(pickle.dumps(LogisticRegression(), protocol))
    assert found.complete, found.problem
