"""Which imports a model is expected to need, and which reach beyond it."""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """Return a list written as text."""
    return frozenset(text.split())


DANGEROUS_MODULES = words(
    """
    _aix_support _io _posixsubprocess asyncio bdb code codeop commands concurrent ctypes cffi
    distutils ensurepip fileinput ftplib gc http idlelib imaplib imp importlib inspect io
    linecache marshal mmap mp_main multiprocessing nt ntpath os pdb pickle _pickle pip pipes
    pkgutil platform poplib popen2 posix posixpath profile pstats cProfile pty pydoc requests
    runpy setuptools shelve shutil signal site smtplib socket _socket socketserver sqlite3 ssl
    subprocess sys telnetlib tempfile threading _thread timeit torch.hub trace traceback types
    urllib urllib2 urllib3 uuid venv webbrowser winreg xmlrpc zipfile zipimport cloudpickle dill
    httpx aiohttp numpy.testing numpy.f2py numpy.distutils scipy.weave sklearn.utils._testing
    joblib.memory
    """
)
"""Modules that reach the system, the network or other code."""

DANGEROUS_NAMES = words(
    """
    builtins.eval builtins.exec builtins.compile builtins.__import__ builtins.open
    builtins.getattr builtins.setattr builtins.delattr builtins.vars builtins.globals
    builtins.locals builtins.input builtins.breakpoint builtins.memoryview builtins.apply
    builtins.execfile builtins.help operator.attrgetter operator.methodcaller
    operator.itemgetter functools.partial functools.reduce _operator.attrgetter
    _operator.methodcaller _operator.itemgetter pandas.read_pickle pandas.eval
    pandas.core.computation.eval.eval joblib.load joblib.dump joblib.numpy_pickle.load
    numpy.load numpy.lib.npyio.load numpy.save numpy.memmap numpy.fromfile
    numpy.core.multiarray.fromfile numpy.core.memmap.memmap numpy._core.memmap.memmap
    """
)
"""Names that run text as code, reach any attribute, open files or unpickle further."""

EXPECTED_NAMES = words(
    """
    copyreg._reconstructor copy_reg._reconstructor _codecs.encode numpy.dtype numpy.ndarray
    numpy.core.multiarray._reconstruct numpy._core.multiarray._reconstruct
    numpy.core.multiarray.scalar numpy._core.multiarray.scalar numpy.core.numeric._frombuffer
    numpy._core.numeric._frombuffer numpy.random._pickle.__randomstate_ctor
    numpy.random._pickle.__generator_ctor numpy.random._pickle.__bit_generator_ctor
    numpy.random._mt19937.MT19937 joblib.numpy_pickle.NumpyArrayWrapper
    pandas._libs.internals._unpickle_block pandas._libs.arrays.__pyx_unpickle_NDArrayBacked
    pandas.core.indexes.datetimes._new_DatetimeIndex pandas.core.indexes.period._new_PeriodIndex
    pandas._libs.tslibs.timestamps._unpickle_timestamp pandas._libs.tslibs.nattype.__nat_unpickle
    pandas._libs.tslibs.timedeltas._timedelta_unpickle pandas.core.indexes.base._new_Index
    pandas._libs.tslibs.nattype._nat_unpickle
    pyarrow.lib._restore_array pyarrow.lib.py_buffer pyarrow.lib.type_for_alias
    collections.OrderedDict collections.defaultdict
    collections.Counter datetime.datetime datetime.date datetime.timedelta datetime.timezone
    decimal.Decimal fractions.Fraction sklearn.metrics._dist_metrics.newObj
    sklearn.neighbors._kd_tree.newObj sklearn.neighbors._ball_tree.newObj
    skrub._dataframe._common.is_any_date skrub._dataframe._common.is_categorical
    skrub._dataframe._common.is_numeric skrub._table_vectorizer._created_by_predicate
    skrub.selectors._selectors._cardinality_below
    """
)
OWN_FUNCTIONS = words(
    """
    numpy.clip numpy.nan_to_num pandas.core.generic.NDFrame.astype
    pandas.core.generic.NDFrame.fillna
    """
)
"""What the preparation of this product's own models calls on a table, and nothing else."""

EXPECTED_BUILTINS = words(
    """
    bool bytearray bytes complex dict float frozenset int list object range set slice str tuple
    type
    """
)
EXPECTED_PACKAGES = words(
    """
    catboost lightgbm numpy pandas scipy skfolio sklearn skrub xgboost imblearn
    """
)
"""Packages whose classes a model is made of; their functions are not taken for granted."""

BORROWED_NAMES = words(
    """
    CodeType FunctionType LambdaType MethodType ModuleType NamedTemporaryFile Popen TCPServer Thread
    """
)
"""What those packages import from elsewhere, under names like those of their classes."""

CLASS_NAME = re.compile(
    r"_*(pyx_unpickle_)?[A-Z]\w*|(u?int|float|complex|bool|str)\d*_?"
    r"|(bsr|coo|csc|csr|dia|dok|lil)_(array|matrix)"
)

DANGEROUS, UNKNOWN, EXPECTED = "dangerous", "unknown", "expected"


def level(module: str, name: str) -> str:
    """Say how far an import is one of a model."""
    module = "builtins" if module == "__builtin__" else module
    full = f"{module}.{name}"
    if full in OWN_FUNCTIONS or (full in EXPECTED_NAMES and "." not in name):
        return EXPECTED
    parents = module.split(".")
    modules = {".".join(parents[:end]) for end in range(1, len(parents) + 1)}
    # A dotted name reaches whatever its module has imported: `sklearn.utils` + `os.system`.
    if (
        full in DANGEROUS_NAMES
        or modules & DANGEROUS_MODULES
        or ("." in name and {*name.split(".")} & {*DANGEROUS_MODULES, "builtins", "__class__"})
    ):
        return DANGEROUS
    if module == "builtins":
        return EXPECTED if name in EXPECTED_BUILTINS else UNKNOWN
    own = parents[0] in EXPECTED_PACKAGES and "tests" not in parents and name not in BORROWED_NAMES
    return EXPECTED if own and CLASS_NAME.fullmatch(name) else UNKNOWN
