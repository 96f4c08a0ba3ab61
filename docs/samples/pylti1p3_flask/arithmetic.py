"""The sums of a game. They follow from its name, so that nothing need be remembered while somebody plays."""

from operator import add, mul, sub
from random import Random

SIGNS = {"+": add, "−": sub, "×": mul}
DIFFICULTIES = {"easy": (1, 10, "+"), "normal": (2, 20, "+−"), "hard": (3, 30, "+−×")}
HOW_MANY = 5


def sums_of(game, difficulty):
    """Five sums, as texts, and what they come to."""
    chance = Random(game)
    least, most, signs = DIFFICULTIES.get(difficulty, DIFFICULTIES["normal"])
    found = []
    for _ in range(HOW_MANY):
        a, b, sign = chance.randint(least, most), chance.randint(least, most), chance.choice(signs)
        found.append((f"{a} {sign} {b}", SIGNS[sign](a, b)))
    return found
