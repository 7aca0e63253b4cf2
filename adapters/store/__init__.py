"""What we remember: the little that a reader chose, and which replica polls. SQLite or PostgreSQL."""

from adapters.store.database import open_store
from adapters.store.queries import Store, StoreDown

__all__ = ["Store", "StoreDown", "open_store"]
