"""A temporary file whose bytes on the disk are encrypted with a key that only this process knows.

What such a file held cannot be read once the program has ended, also after a crash or in pages of the disk that nobody
has overwritten. AES-256 in counter mode, so that any part can be read and written alone; it does not protect against
somebody who changes the file while the program runs.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_BLOCK = 16  # bytes of a block of AES
_BUFFER = 1 << 18  # bytes that are encrypted at once
_COUNTERS = 1 << 128


class SealedFile(io.RawIOBase):
    """Encrypts what is written to an unbuffered file, which it closes with itself."""

    def __init__(self, file: io.RawIOBase) -> None:
        super().__init__()
        self._file, self._key, self._first = file, os.urandom(32), int.from_bytes(os.urandom(_BLOCK))

    def readable(self) -> bool:
        """True."""
        return True

    def writable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read and decrypt."""
        place = self._file.tell()
        content = self._file.read(len(buffer)) or b""
        buffer[: len(content)] = self._turned(place, content)
        return len(content)

    def write(self, content: ReadableBuffer) -> int:
        """Encrypt and write; a gap after the end is filled with zeros first."""
        place, end = self._file.tell(), os.fstat(self._file.fileno()).st_size
        if place > end:
            self._fill(end, place)
        return self._file.write(self._turned(place, bytes(content))) or 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def truncate(self, size: int | None = None) -> int:
        """Cut the file, or fill it up with zeros."""
        place, end = self._file.tell(), os.fstat(self._file.fileno()).st_size
        wanted = place if size is None else size
        if wanted > end:
            self._fill(end, wanted)
            self._file.seek(place)
            return wanted
        return self._file.truncate(wanted)

    def close(self) -> None:
        """Close the file below, which deletes it."""
        if not self.closed:
            super().close()
            self._file.close()

    def _fill(self, start: int, end: int) -> None:
        self._file.seek(start)
        while start < end:
            zeros = bytes(min(_BUFFER, end - start))
            start += self._file.write(self._turned(start, zeros)) or 0

    def _turned(self, place: int, content: bytes) -> bytes:
        """The bytes at a place, encrypted or decrypted: both are the same."""
        # 20 ms that only a large file costs
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # as the line above says

        block, skipped = divmod(place, _BLOCK)
        counter = ((self._first + block) % _COUNTERS).to_bytes(_BLOCK)
        cipher = Cipher(algorithms.AES(self._key), modes.CTR(counter)).encryptor()
        cipher.update(bytes(skipped))
        return cipher.update(content)


class Spool(io.BufferedIOBase):
    """Bytes in memory up to a limit, above it in an encrypted file that `make_file` opens without a buffer."""

    def __init__(self, in_memory: int, make_file: Any) -> None:
        super().__init__()
        self._in_memory, self._make_file = in_memory, make_file
        self._held: BinaryIO = io.BytesIO()
        self._is_memory = True

    def readable(self) -> bool:
        """True."""
        return True

    def writable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Read."""
        return self._held.read(-1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        """As `read`."""
        return self._held.read(size)

    def write(self, content: ReadableBuffer) -> int:
        """Write; above the limit everything moves into the file."""
        written = self._held.write(content)
        if self._is_memory and self._held.tell() > self._in_memory:
            self._move()
        return written

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self._held.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._held.tell()

    def truncate(self, size: int | None = None) -> int:
        """Cut off what follows."""
        return self._held.truncate(size)

    def flush(self) -> None:
        """Write what is buffered."""
        if not self._held.closed:
            self._held.flush()

    def close(self) -> None:
        """Forget everything."""
        if not self.closed:
            super().close()
            self._held.close()

    def _move(self) -> None:
        memory, place = cast(io.BytesIO, self._held), self._held.tell()
        file = io.BufferedRandom(SealedFile(self._make_file()), _BUFFER)
        file.write(memory.getbuffer())
        file.seek(place)
        self._held, self._is_memory = cast(BinaryIO, file), False
