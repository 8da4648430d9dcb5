"""Every reader and writer of files that people send and take away, for all rooms.

A table of any format is opened by :func:`open_table`, which looks at the content and not only at
the ending, and gives its rows in chunks; :func:`look` decides what its columns are, and what it
found, the :class:`Reading` of each column, converts its cells. It is kept, so that a later file is
read in the same way (:func:`all_cells`, :func:`read_series`).

What is no table is read by the parts: :func:`content` opens the bytes, inflated where they are
compressed, :func:`open_text` decodes any usual encoding, :func:`rows` splits a text into rows with
their lines, :func:`loads` and :class:`Shallow` guard JSON against endless nesting. What is wrong
with a file is a ``FileUnreadable``; a room makes it its own by :func:`faults_as`.

What goes out: :func:`to_csv` and :func:`harmless` keep spreadsheet programs from running cells.
"""

from typing import TYPE_CHECKING

from src import lazy
from src.files.names import FORBIDDEN, file_stem, free_name, name_key

if TYPE_CHECKING:
    from src.files.arrays import read_series, to_array, to_series
    from src.files.chunks import Chunk, Source
    from src.files.contents import Content, content
    from src.files.delimited import detect_delimiter, rows
    from src.files.export import harmless, to_csv
    from src.files.faults import faults_as
    from src.files.json_text import MAX_DEPTH, Shallow, TooDeep, loads
    from src.files.layout import Layout, all_cells, look
    from src.files.readings import Reading, attach, attached
    from src.files.tables import FORMATS, open_table
    from src.files.text import MAX_CELL, Text, open_text
    from src.files.uploads import remove_old, store_upload
    from src.files.values import Kind, form, is_moment, parse_moment, read_number

# The registry takes its names from here, and loads a model without reading any table.
__getattr__ = lazy.door(__name__)
