"""Names, places and words of which the demo's files are made. Nobody bears them and nowhere is so called."""

from cases.models.choices import Gender

# Names with whose they are: a girl's, a boy's.
GIRLS, BOYS = Gender.FEMININE, Gender.MASCULINE
GIVEN = (
    ("Mira", GIRLS),
    ("Luka", BOYS),
    ("Sanna", GIRLS),
    ("Taras", BOYS),
    ("Ileana", GIRLS),
    ("Noor", GIRLS),
    ("Danil", BOYS),
    ("Zora", GIRLS),
    ("Petar", BOYS),
    ("Amina", GIRLS),
    ("Vesna", GIRLS),
    ("Iosif", BOYS),
)
FAMILY = (
    "Belan",
    "Korda",
    "Mirsky",
    "Oravec",
    "Tarn",
    "Ilves",
    "Sadik",
    "Dravin",
    "Ormos",
    "Lipa",
    "Halas",
    "Renko",
)
CYRILLIC = (
    ("Тарас", "Вельник", BOYS),
    ("Мария", "Орлик", GIRLS),
    ("Данило", "Серко", BOYS),
    ("Злата", "Ивень", GIRLS),
)
ARABIC = (("ليلى", "ندى", GIRLS), ("سامي", "رافد", BOYS))
LANGUAGES = ("Romani, Russian", "Belmoran", "Belmoran, Russian", "Romanian", "Ukrainian, Russian", "Arvanian")
PLACES = (
    "With a neighbour in Mill Lane",
    "At the bus station, platform 4",
    "In the clinic’s waiting room",
    "Not known",
)
WORDS = (
    "A girl asked the cashier for help. She says a man keeps her papers and she has to work at night.",
    "A teacher has noticed new clothes, two telephones and long absences. The boy is afraid to go home.",
    "Border guards stopped a van. The child does not know the adults it travels with.",
    "A friend wrote to the helpline: pictures are being asked for, and there are threats.",
)
COURT = "Guardianship court, Lindau"
PENDING = "The court hears the matter within two weeks; an interim representative stands in."
