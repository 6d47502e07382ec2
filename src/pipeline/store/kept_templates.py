"""Templates as they were compiled, kept beside the bytecode of our own modules: compiling them costs half a second in
every process that makes the pages of a release.

Here: keeping them under a hash of their text and of all that compiled it, so that no other template is ever taken for
this one. Not here: the templates (``pipeline.site``). Like bytecode they are a convenience: where the folder takes no
files, they are compiled anew.
"""

import hashlib
import marshal
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from pipeline.store.fs import atomic_write

_PLACE = Path(cache_from_source(__file__)).parent


class KeptTemplates(BytecodeCache):
    """What Jinja asks before it compiles a template, and gives what it compiled.

    ``pages``: the version of the pages, which knows how Jinja is set up for them.
    """

    def __init__(self, pages: str) -> None:
        self._made_by = f"{pages}\n{jinja2.__version__}\n{sys.version}"

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002
        """The file's name: one per template, replaced when that changes."""
        return f"{name}.compiled"

    def get_source_checksum(self, source: str) -> str:
        """A hash of all that decides what is compiled."""
        return hashlib.sha256(f"{self._made_by}\n{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where the same was compiled before."""
        with suppress(OSError, EOFError, ValueError, TypeError):
            known, _, code = (_PLACE / bucket.key).read_bytes().partition(b"\n")
            if known == bucket.checksum.encode() and isinstance(kept := marshal.loads(code), CodeType):
                bucket.code = kept

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, where the folder takes it."""
        if sys.dont_write_bytecode or bucket.code is None:
            return
        with suppress(OSError), atomic_write(_PLACE / bucket.key) as draft:
            draft.write_bytes(bucket.checksum.encode() + b"\n" + marshal.dumps(bucket.code))
