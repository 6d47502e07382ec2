"""A data folder that lies in an object store, as one machine works with it.

    <address>/log, curated, plans, quarantine, raw     the truth
    <work folder>/curated, raw, log                    copies, for this machine alone; they may be lost at any time

Here: which copies are made new when. Not here: how (``copies``, ``published``). For a data folder that is a folder of
this machine nothing here does anything.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.settings import Settings
from pipeline.store.storage.storage import Storage, place
from schemas.sentences import Sentence

if TYPE_CHECKING:
    from pipeline.store.storage.objects import Objects
    from pipeline.store.storage.published import Published


def there(settings: Settings, name: str) -> "Objects | None":
    """A folder of the data folder as it lies in a store; None where it lies on this machine alone."""
    if not settings.remote:
        return None
    from pipeline.store.storage.objects import Objects  # a library that only who needs it has

    return Objects(f"{settings.remote}/{name}")


def storage(settings: Settings, name: str) -> Storage:
    """A folder of the data folder, wherever it is."""
    return there(settings, name) or place(settings.data_dir / name)


def published(settings: Settings) -> "Published | None":
    """The releases that lie in a store; None where they lie on this machine alone."""
    if (objects := there(settings, "curated")) is None:
        return None
    from pipeline.store.storage.published import Published

    return Published(objects, settings.curated)


def refresh(settings: Settings, *, to_read: bool = True) -> None:
    """Have the releases here that are kept there. Raises Damaged where the current one is to be read and not whole."""
    if (releases := published(settings)) is not None:
        for folder in (settings.data_dir, settings.log):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        releases.refresh()
        if to_read:
            releases.require_current()


def refresh_raw(settings: Settings) -> None:
    """Have the raw files here that lie there, unless they lie in a folder of their own."""
    if settings.raw_dir is None and (objects := there(settings, "raw")) is not None:
        from pipeline.store.storage.copies import refresh_raw

        refresh_raw(objects, settings.raw)


def fetch_raw(settings: Settings, name: str) -> Path:
    """Where one raw file lies on this machine, brought here where that is needed."""
    if settings.raw_dir is None and (objects := there(settings, "raw")) is not None:
        from pipeline.store.storage.copies import fetch_raw

        return fetch_raw(objects, settings.raw, name)
    return settings.raw / name


def copy_log(settings: Settings) -> None:
    """Have the log here as it is there, for who works on a copy of it."""
    if (objects := there(settings, "log")) is not None:
        from pipeline.store.storage.copies import copy_log

        copy_log(objects, settings.log)


def lease(settings: Settings, who: str, tell: Callable[[Sentence], None]) -> AbstractContextManager[None]:
    """Be the one writer also among other machines, as far as that can be had."""
    if (objects := there(settings, "lease")) is None:
        return nullcontext()
    from pipeline.store.storage.lease import lease

    return lease(objects, settings.data_dir, who, tell)
