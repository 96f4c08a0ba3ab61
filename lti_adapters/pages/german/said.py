"""What is said of a refusal in German, and the sentences that several codes share."""

from attrs import frozen

AGAIN = "Öffnen Sie die Aktivität noch einmal in Ihrem Kurs."
LATER = "Warten Sie eine Minute, und öffnen Sie die Aktivität dann noch einmal in Ihrem Kurs."
TELL = (
    "Öffnen Sie die Aktivität noch einmal in Ihrem Kurs. Wenn diese Seite dann wieder erscheint, zeigen Sie sie den"
    " Betreuern der Lernplattform: Die Einzelheiten unten sind für sie bestimmt."
)
CHECK_SENT = "Gehen Sie zurück, und prüfen Sie Ihre Eingaben."
ASK = (
    "Sie selbst können das nicht beheben. Zeigen Sie diese Seite den Betreuern der Lernplattform: Die Einzelheiten"
    " unten sind für sie bestimmt."
)
PLATFORM_BUG = (
    "Die Plattform sendet etwas, das der LTI-Standard nicht erlaubt. Suchen Sie nach einer neueren Version der"
    " Plattform, oder melden Sie ihrem Hersteller den Code und den Abschnitt, die unten stehen."
)
REGISTRATION = (
    "Vergleichen Sie die Registrierung in diesem Tool Zeichen für Zeichen mit dem, was die Plattform dazu anzeigt."
)
CLOCK = (
    "Vergleichen Sie die Uhren beider Server: Schon eine Minute Unterschied ist zu viel. Lassen Sie beide ihre Zeit"
    " über NTP beziehen."
)
KEYS = (
    "Prüfen Sie, ob in der Registrierung die Adresse des Schlüsselsatzes steht, die die Plattform anzeigt, und ob sie"
    " von hier aus erreichbar ist."
)
LAUNCH_URL = (
    "Geben Sie der Plattform eine Adresse, unter der dieses Tool gestartet wird, oder nehmen Sie die Adresse des"
    " Links in den Einstellungen dieses Tools unter tool.urls auf."
)
LTI_1_1 = (
    "Die Plattform hat das Tool mit LTI 1.1 gestartet (Consumer Key und Secret). Dieses Tool spricht LTI 1.3: Entfernen"
    " Sie dort den alten Link oder das alte Tool, und legen Sie es als LTI 1.3 neu an, mit den Adressen für Anmeldung,"
    " Start und Schlüsselsatz."
)
ATTACK = (
    "Betrifft es nur eine Person, liegt es an einer veralteten Seite oder am Browser. Betrifft es alle, verändert etwas"
    " zwischen Browser und Tool, was gesendet wird; suchen Sie nach einem Proxy, der Adressen umschreibt oder Cookies"
    " entfernt."
)


@frozen
class Said:
    """The sentence in place of the error's own, what a person can do, and what an administrator does."""

    message: str
    person: str
    administrator: str


def again(message: str, administrator: str) -> Said:
    """A new launch is enough."""
    return Said(message, AGAIN, administrator)


def tell(message: str, administrator: str) -> Said:
    """A second try may help; else the administrator does."""
    return Said(message, TELL, administrator)


def ask(message: str, administrator: str = PLATFORM_BUG) -> Said:
    """Only an administrator can help."""
    return Said(message, ASK, administrator)
