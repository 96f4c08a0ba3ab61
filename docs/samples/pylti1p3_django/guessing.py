"""The game: a number is guessed, and each guess is answered. The cache counts the guesses."""

import hmac

from django.conf import settings
from django.core.cache import cache

HIGHEST = {"easy": 10, "normal": 100, "hard": 1000}
MOST_POINTS = 10
A_DAY = 86400


def highest_of(difficulty):
    return HIGHEST.get(difficulty, HIGHEST["normal"])


def number_of(game, highest):
    """The number follows from the name of the game, and nobody but the server can tell it."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), game.encode(), "sha256")
    return int.from_bytes(digest, "big") % highest + 1


def guessed(game, highest, guess):
    """What the guess is, and how many there were: `too low`, `too high` or `right`."""
    number = number_of(game, highest)
    cache.add(f"guesses-{game}", 0, A_DAY)
    guesses = cache.incr(f"guesses-{game}")
    return ("right" if guess == number else "too low" if guess < number else "too high"), guesses


def points_for(guesses):
    return max(0, MOST_POINTS + 1 - guesses)
