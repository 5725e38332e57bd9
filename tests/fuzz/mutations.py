"""Changes of a document at random: at any place in it stands something else, twice, a thousand times or no more."""

from collections.abc import Callable
from random import Random
from typing import Any

from json_text import Again, Literal
from plans import NO_VALUES, Document, a_plan, altered, chance, marks, plant, resource_change, value
from texts import key, text

Container = dict[str, Any] | list[Any]


def change_document(random: Random, document: Document) -> None:
    """Change one thing in it."""
    if not document or chance(random, 8):
        random.choice((_plant, _add_change, _add_section))(random, document)
        return
    container = _somewhere(random, document)
    change = random.choice(_CHANGES)
    change(random, container, random.choice(list(container) if isinstance(container, dict) else range(len(container))))


def _somewhere(random: Random, document: Document) -> Container:
    """An object or an array in it that is not empty; each depth is as probable as any other."""
    found: Container = document
    while inner := [item for item in _items(found) if isinstance(item, dict | list) and item]:
        if chance(random, 4):
            break
        found = random.choice(inner)
    return found


def _items(container: Container) -> list[Any]:
    return list(container.values()) if isinstance(container, dict) else container


def _plant(random: Random, document: Document) -> None:
    if isinstance(document.get("resource_changes"), list):
        plant(random, document)


def _add_change(random: Random, document: Document) -> None:
    if isinstance(changes := document.get("resource_changes"), list):
        changes.append(resource_change(random))


def _add_section(random: Random, document: Document) -> None:
    other = a_plan(random)
    section = random.choice(list(other))
    document[section] = other[section]


def _replace(random: Random, container: Any, place: Any) -> None:
    container[place] = value(random, 2)


def _alter(random: Random, container: Any, place: Any) -> None:
    container[place] = altered(random, container[place])


def _mark(random: Random, container: Any, place: Any) -> None:
    container[place] = marks(random, container[place])


def _break(random: Random, container: Any, place: Any) -> None:
    container[place] = Literal(random.choice(NO_VALUES))


def _say(random: Random, container: Any, place: Any) -> None:
    container[place] = text(random)


def _remove(_random: Random, container: Any, place: Any) -> None:
    del container[place]


def _wrap(random: Random, container: Any, place: Any) -> None:
    container[place] = random.choice(([container[place]], {key(random): container[place]}))


def _swap(random: Random, container: Any, place: Any) -> None:
    other = random.choice(list(container) if isinstance(container, dict) else range(len(container)))
    container[place], container[other] = container[other], container[place]


def _rename(random: Random, container: Any, place: Any) -> None:
    if isinstance(container, dict):
        container[key(random)] = container.pop(place)


def _say_twice(random: Random, container: Any, place: Any) -> None:
    if isinstance(container, dict):
        container[Again(place)] = random.choice((container[place], value(random, 2)))
    else:
        container.append(container[place])


def _repeat(random: Random, container: Any, place: Any) -> None:
    times = random.choice((2, 3, 12, 12, 120))
    if isinstance(container, list):
        container += [_numbered(container[place], number) for number in range(times)]
    else:
        container |= {f"{place}{number}": container[place] for number in range(times)}


def _numbered(item: Any, number: int) -> Any:
    """An object at an address of its own, where it has one."""
    return item | {"address": f"{item['address']}[{number}]"} if isinstance(item, dict) and "address" in item else item


def _lengthen(random: Random, container: Any, place: Any) -> None:
    times = random.choice((2, 10, 1_000))
    match container[place]:
        case str() as said:
            container[place] = said * min(times, 20_000 // (len(said) + 1) + 1)
        case list() as items if len(items) < 20:
            container[place] = items * min(times, 10)


_CHANGES: tuple[Callable[[Random, Any, Any], None], ...] = (
    *(_replace, _replace, _alter, _alter, _mark, _mark, _say, _say, _break, _remove, _wrap, _swap, _rename),
    *(_say_twice, _repeat, _lengthen),
)
