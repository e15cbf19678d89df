from cases.models import Case
from repatriation.models import Return
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def considered_way(cast: Cast, case: Case) -> Return:
    return ways.considered(cast, case)


@kept
def waiting(people: Company, case: Case) -> Return:
    """Before the panel, where none sits yet."""
    return sitting.waiting(people, case)
