"""How each language writes days and hours. The sources ask for them as English does: `l j E Y, H:i`.

Django asks the module of a language for every format by its name (FORMAT_MODULE_PATH), and takes the name for the
format itself where no module answers. So a language says here only in what it differs.
"""

from collections.abc import Callable, Mapping


def written(changes: Mapping[str, str]) -> Callable[[str], str]:
    """For the `__getattr__` of a language's module: the parts of a format that it writes otherwise, one by one."""

    def answer(asked: str) -> str:
        if asked.isidentifier():
            # DATE_FORMAT and its like, which Django has for every language.
            raise AttributeError(asked)
        for part, own in changes.items():
            asked = asked.replace(part, own)
        return asked

    return answer
