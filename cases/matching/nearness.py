"""How far two written words are from being one name."""

from cases.matching.letters import ANOTHER, LEFT_OUT, SILENT, TABLES, Table
from cases.matching.words import alphabet_of, plain, romanised

# Letters of the Latin and of the other word that one step takes at most.
_LATIN_STEP, _OTHER_STEP = 4, 3
_NEVER = 10_000
# What the way by Latin letters costs more, where a table knows the script itself.
_ROUNDABOUT = 2
# Above this a table has not found it a transliteration; it may still be the same name in another language.
_FOREIGN = 6


def cost(one: str, other: str, *, beginning: bool = False) -> int:
    """0 for what is written the same by rule; a slip of the pen costs about 8.

    With `beginning`, `one` is what somebody has typed so far: whatever `other` goes on with costs nothing. Both are
    words of `words_of`.
    """
    if one == other:
        return 0
    scripts = alphabet_of(one), alphabet_of(other)
    direct = _NEVER
    if scripts[0] != scripts[1] and "latin" in scripts:
        latin_first = scripts[0] == "latin"
        table = TABLES.get(scripts[1] if latin_first else scripts[0])
        if table:
            direct = _aligned(plain(one), plain(other), table, latin_first, beginning)
            if direct <= _FOREIGN:
                return direct
    # Two words of one foreign script, or of two: by way of Latin letters.
    around = _aligned(romanised(one), romanised(other), TABLES["latin"], True, beginning)
    return min(direct, around + (0 if scripts == ("latin", "latin") else _ROUNDABOUT))


def _aligned(one: str, other: str, table: Table, latin_first: bool, beginning: bool) -> int:
    """The cheapest way through both words at once; table lines are the letters that are not the Latin word's."""
    latin, letters = (one, other) if latin_first else (other, one)
    places = _places(latin)
    added = [table.get("", {}).get(sign, LEFT_OUT) for sign in latin]
    # One column for each letter of the other word; a cell says what the way so far costs at least.
    grid = [[_NEVER] * (len(latin) + 1) for _ in range(len(letters) + 1)]
    grid[0][0] = 0
    for column, line in enumerate(grid):
        options = _options(letters, column, table)
        # What a letter of the Latin word costs that the other leaves out, before anything goes on from there.
        for row, price in enumerate(added):
            line[row + 1] = min(line[row + 1], line[row] + price)
        if options is not None:
            _step(grid, column, options, places)
    for ending, price in table.get(SILENT, {}).items():
        if latin.endswith(ending) and len(ending) < len(latin):
            grid[-1][-1] = min(grid[-1][-1], grid[-1][-1 - len(ending)] + price)
    if not beginning:
        return grid[-1][-1]
    return min(line[-1] for line in grid) if latin_first else min(grid[-1])


Options = list[tuple[int, dict[str, int]]]
Places = dict[str, list[int]]


def _places(latin: str) -> Places:
    """Where each piece of the Latin word begins; nothing is everywhere."""
    found: Places = {"": list(range(len(latin) + 1))}
    for at in range(len(latin)):
        for size in range(1, min(_LATIN_STEP, len(latin) - at) + 1):
            found.setdefault(latin[at : at + size], []).append(at)
    return found


def _options(letters: str, at: int, table: Table) -> Options | None:
    """What the letters from here may stand for, with how many of them; None at the end of the word."""
    if at == len(letters):
        return None
    sizes = range(1, min(_OTHER_STEP, len(letters) - at) + 1)
    return [(size, table[letters[at : at + size]]) for size in sizes if letters[at : at + size] in table]


def _step(grid: list[list[int]], column: int, options: Options, places: Places) -> None:
    line, following = grid[column], grid[column + 1]
    last = len(line) - 1
    for row, so_far in enumerate(line):
        if so_far + LEFT_OUT < following[row]:
            following[row] = so_far + LEFT_OUT
        if row < last and so_far + ANOTHER < following[row + 1]:
            following[row + 1] = so_far + ANOTHER
    for width, stands_for in options:
        reached = grid[column + width]
        for written in stands_for.keys() & places.keys():
            price, height = stands_for[written], len(written)
            for row in places[written]:
                if line[row] + price < reached[row + height]:
                    reached[row + height] = line[row] + price
