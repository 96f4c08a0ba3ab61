"""What is said in German of codes without words of their own; the error's sentence tells which one it is."""

from lti_adapters.pages.german.said import AGAIN, ASK, CHECK_SENT, KEYS, LATER, REGISTRATION, TELL, Said

KINDS = {
    "login": Said("Die Anmeldung wurde abgelehnt. {message}", ASK, REGISTRATION),
    "launch": Said("Der Start wurde abgelehnt. {message}", TELL, REGISTRATION),
    "tool": Said(
        "Das ist mit diesem Start nicht möglich. {message}", AGAIN, "Die Anfrage ist keine, die dieser Start erlaubt."
    ),
    "deep_linking": Said(
        "Dieser Inhalt kann nicht an die Plattform gehen. {message}",
        "Wählen Sie andere Inhalte aus, oder fragen Sie die Entwickler des Tools: Die Einzelheiten unten sind für sie"
        " bestimmt.",
        "Das Tool wollte Inhalte senden, die die Plattform nicht annimmt oder die gegen Deep Linking 2.0 verstoßen.",
    ),
    "grant": Said(
        "Die Erlaubnis der Plattform gilt nicht mehr. {message}",
        AGAIN,
        "Was die Plattform erlaubt hat, ist abgelaufen, oder ihre Registrierung gibt es nicht mehr; ein neuer Start"
        " bringt eine neue Erlaubnis.",
    ),
    "token": Said(
        "Die Plattform hat dem Tool den Zugang nicht gegeben. {message}",
        ASK,
        "Die Plattform hat diesem Tool kein Zugriffstoken gegeben. Vergleichen Sie Token-Adresse, Client-ID und"
        " Schlüssel der Registrierung mit dem, was die Plattform anzeigt, und lassen Sie die Plattform den"
        " Schlüsselsatz dieses Tools neu holen.",
    ),
    "service": Said(
        "Eine Anfrage an die Plattform ist fehlgeschlagen. {message}",
        LATER,
        "Die Plattform hat auf eine Anfrage dieses Tools nicht geantwortet, oder ihre Antwort lässt sich nicht lesen.",
    ),
    "http": Said(
        "Die Plattform war nicht zu erreichen. {message}",
        LATER,
        "Die Plattform hat auf eine Anfrage dieses Tools nicht geantwortet. " + KEYS,
    ),
    "storage": Said(
        "Der Speicher dieses Tools antwortet nicht. {message}",
        LATER,
        "Der Speicher, der sich Anmeldungen und Starts merkt, hat nicht geantwortet. Sehen Sie nach ihm und nach"
        " storage.url.",
    ),
    "config": Said(
        "Das Tool ist nicht richtig eingerichtet. {message}",
        LATER,
        "So, wie dieses Tool eingerichtet ist, kann es nicht arbeiten; der Satz oben sagt, was stattdessen zu"
        " schreiben ist.",
    ),
}

OUTCOMES = {
    "value": Said(
        "Das kann so nicht gesendet werden. {message}",
        CHECK_SENT,
        "Ein Wert, der gesendet werden sollte, ist nicht möglich; der Satz oben nennt ihn. An die Plattform wurde"
        " nichts gesendet.",
    ),
    "withheld": Said(
        "Die Plattform hat das mit diesem Start nicht erlaubt. {message}",
        "Dieser Start erlaubt das nicht. Öffnen Sie die Aktivität, zu der es gehört, oder zeigen Sie diese Seite den"
        " Betreuern der Lernplattform: Die Einzelheiten unten sind für sie bestimmt.",
        "Die Plattform hat dies mit dem Start nicht erlaubt; der Satz oben sagt, was sie dazu erlauben müsste. An sie"
        " wurde nichts gesendet.",
    ),
    "refused": Said(
        "Die Plattform hat die Anfrage abgelehnt. {message}",
        "Wenn Sie etwas eingegeben haben, gehen Sie zurück, und prüfen Sie es. Wenn es richtig ist oder nichts"
        " einzugeben war, zeigen Sie diese Seite den Betreuern der Lernplattform: Die Einzelheiten unten sind für sie"
        " bestimmt.",
        "Die Plattform hat geantwortet und abgelehnt, worum dieses Tool bat.",
    ),
}
