"""The folded names of the register in files that are mapped, not read: ready at once, whatever their number.

A folder holds a trie of the names (`names.marisa`), who bears each (`bearers.npy`), what each is besides (`marks.npy`:
a common word, a place, a first name), and a Bloom filter of the two words with which names begin (`pairs.npy`), which
is asked before the trie: hardly any two words in a text begin a name.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

import marisa_trie
import numpy as np

from companies.name_frequency import CommonWords
from companies.names import forms
from store.folders import written

LONGEST = 12
"""Words in a name."""
_MANY = 10  # names that share a word
_REMEMBERED = 200_000  # words
_BITS = 16  # of the filter for each name: one pair in sixteen passes that no name begins with
_SHORTEST = 3  # letters in a name of one word


def _all_forms(names: Iterable[tuple[str, int]]) -> tuple[list[str], array[int]]:
    keys: list[str] = []
    ids = array("q")
    for key, company_id in names:
        for form in {key} if key.startswith("$") else forms(key):
            length = form.count(" ") + 1
            if length <= LONGEST and (length > 1 or len(form) >= _SHORTEST):
                keys.append(form)
                ids.append(company_id)
    return keys, ids


def _shared(trie: marisa_trie.Trie) -> set[str]:
    """The words that are a name, but stand in many other names, and hardly ever first: energy, express."""
    first, later = Counter[str](), Counter[str]()
    for key in trie.iterkeys():
        word, *rest = key.split()
        first[word] += 1
        later.update(set(rest))
    return {word for word, count in later.items() if count >= _MANY and count >= 2 * first[word] and word in trie}


def _pairs(trie: marisa_trie.Trie) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The filter of pairs of words, a bit for each value of their hash; the number of bits is a power of two."""
    bits = 1 << (_BITS * len(trie) | 7).bit_length()
    firsts = (key.split(" ", 2) for key in trie.iterkeys())
    hashes = np.fromiter((_hash(one[0], one[1]) for one in firsts if len(one) > 1), np.int64) & (bits - 1)
    found = np.zeros(bits // 8, np.uint8)
    np.bitwise_or.at(found, hashes >> 3, (1 << (hashes & 7)).astype(np.uint8))
    return found


def _hash(first: str, second: str) -> int:
    return crc32(f"{first} {second}".encode())


def build(names: Iterable[tuple[str, int]], folder: Path, words: CommonWords | None = None) -> None:
    """Write the index of (folded name, company id) pairs; a ticker is preceded by a dollar sign.

    The folder appears in one step, so that no reader sees half of it; where another process was sooner, its stays.
    """
    words = words or CommonWords()
    keys, ids = _all_forms(names)
    trie = marisa_trie.Trie(keys)
    numbers = np.fromiter(map(trie.__getitem__, keys), np.int64, len(keys))
    bearers = np.frombuffer(ids, np.int64) if keys else np.empty(0, np.int64)
    pairs = np.unique(np.stack([numbers, bearers], axis=1), axis=0)
    starts = np.searchsorted(pairs[:, 0], np.arange(len(trie) + 1)) + len(trie) + 1
    shared = _shared(trie)
    restored = (trie.restore_key(number) for number in range(len(trie)))
    marks = np.fromiter(
        (words.marks(key) | CommonWords.SHARED * (key in shared) for key in restored), np.uint8, len(trie)
    )
    with written(folder) as scratch:
        trie.save(str(scratch / "names.marisa"))
        np.save(scratch / "bearers.npy", np.concatenate([starts, pairs[:, 1]]))
        np.save(scratch / "marks.npy", marks)
        np.save(scratch / "pairs.npy", _pairs(trie))


_ALONE, _WITH_OTHERS = 1, 2


class _Openings(dict[str, int]):
    """Whether a word is a name, and whether names of several words begin with it; asked of the trie once a word."""

    def __init__(self, trie: marisa_trie.Trie) -> None:
        super().__init__()
        self._trie = trie

    def __missing__(self, word: str) -> int:
        if len(self) > _REMEMBERED:
            self.clear()
        longer = next(self._trie.iterkeys(f"{word} "), None) is not None
        opens = self[word] = _ALONE * (word in self._trie) | _WITH_OTHERS * longer
        return opens


def _mapped(file: Path) -> memoryview:
    """The numbers of a file, read where they are asked for."""
    return memoryview(np.load(file, mmap_mode="r"))


class NameIndex:
    """The names of a folder."""

    def __init__(self, folder: Path) -> None:
        self._trie = marisa_trie.Trie().mmap(str(folder / "names.marisa"))
        self._opens = _Openings(self._trie)
        self._bearers = _mapped(folder / "bearers.npy")
        self._marks = _mapped(folder / "marks.npy")
        self._pairs = _mapped(folder / "pairs.npy")
        self._last_bit = 8 * len(self._pairs) - 1

    def openings(self, words: Sequence[str], places: Iterable[int]) -> list[int]:
        """Those of the places where a name may stand, by its first two words; a few are passed where none does."""
        opens, pairs, last_bit, end = self._opens, self._pairs, self._last_bit, len(words) - 1
        found = []
        for place in places:
            word = words[place]
            if kind := opens[word]:
                if kind & _ALONE:
                    found.append(place)
                elif place < end:
                    bit = crc32(f"{word} {words[place + 1]}".encode()) & last_bit
                    if pairs[bit >> 3] >> (bit & 7) & 1:
                        found.append(place)
        return found

    def __contains__(self, key: str) -> bool:
        return key in self._trie

    def prefixes(self, text: str) -> list[str]:
        """The names that a folded text begins with, in whatever middle of a word they end, shortest first."""
        found: list[str] = self._trie.prefixes(text)
        return found

    def bearers(self, key: str) -> tuple[int, ...]:
        """The ids of the companies that bear a name, in ascending order."""
        number = self._trie[key]
        first, last = self._bearers[number : number + 2].tolist()
        return tuple(self._bearers[first:last].tolist())

    def marks(self, key: str) -> int:
        """The marks of a name, as `CommonWords` has them."""
        mark: int = self._marks[self._trie[key]]
        return mark


class NameIndexes:
    """Several indexes as one: that of a register, and that of what was added since."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._indexes = [NameIndex(folder) for folder in folders]

    def openings(self, words: Sequence[str], places: Sequence[int]) -> list[int]:
        """Those of the places where a name may stand, by its first two words."""
        return sorted({place for one in self._indexes for place in one.openings(words, places)})

    def __contains__(self, key: str) -> bool:
        return any(key in one for one in self._indexes)

    def prefixes(self, text: str) -> list[str]:
        """The names that a folded text begins with, in whatever middle of a word they end, shortest first."""
        return sorted({key for one in self._indexes for key in one.prefixes(text)}, key=len)

    def bearers(self, key: str) -> tuple[int, ...]:
        """The ids of the companies that bear a name, in ascending order."""
        return tuple(sorted({number for one in self._indexes if key in one for number in one.bearers(key)}))

    def marks(self, key: str) -> int:
        """The marks of a name, as the first index has them that has it."""
        return next(one.marks(key) for one in self._indexes if key in one)
