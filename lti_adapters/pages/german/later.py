"""What is said in German where a launch is good, but a later request with it is refused."""

from lti_adapters.pages.german.said import AGAIN, CHECK_SENT, LATER, Said, again, tell

_OLD_KEY = (
    "Das Konto aus LTI 1.1 wird nicht übernommen. Vergleichen Sie den alten Consumer Key und das Secret in diesem"
    " Tool mit denen der Plattform, oder lassen Sie die Konten getrennt."
)

LATER_REQUESTS = {
    "launch.not_remembered": again(
        "Dieser Start ist dem Tool nicht (mehr) bekannt.",
        "Einen Start merkt sich das Tool einige Stunden lang (launches.lifetime). Wird er sofort vergessen, lassen"
        " Sie die Server dieses Tools einen gemeinsamen Speicher benutzen (storage.url).",
    ),
    "launch.not_launched": again(
        "Diese Seite gehört zu einem Start; öffnen Sie sie aus Ihrem Kurs.",
        "Die Adresse wurde ohne einen Start geöffnet, oder ein Link dieses Tools hat ihn verloren.",
    ),
    "launch.link_expired": again(
        "Die Adresse dieser Seite galt 15 Minuten lang; die sind vorbei.",
        "In einem Browser, der keine Cookies behält, trägt die Adresse jeder Seite den Start mit sich und gilt 15"
        " Minuten lang; jede Seite, die geöffnet wird, hat eine neue. Zu tun ist nichts.",
    ),
    "launch.no_return_url": tell(
        "Der Start sagt nicht, woher er kam.",
        "Die Plattform hat keine Adresse gesendet, die in den Kurs zurückführt. Zu tun ist nichts.",
    ),
    "launch.migration_key_unknown": tell(
        "Das Tool hat kein Secret zu dem Schlüssel aus LTI 1.1, den der Start nennt.", _OLD_KEY
    ),
    "launch.migration_signature_invalid": tell(
        "Die Namen aus LTI 1.1 im Start sind nicht mit dem Secret ihres Schlüssels signiert.", _OLD_KEY
    ),
    "launch.migration_signature_missing": tell("Der Start beweist nicht, wie er in LTI 1.1 hieß.", _OLD_KEY),
    "tool.role_required": Said(
        "Ihre Rolle in diesem Kurs erlaubt das nicht.",
        "Diese Seite ist für Personen mit einer anderen Rolle im Kurs. Wenn Sie dazugehören sollten, fragen Sie die"
        " Lehrenden.",
        "Die Rollen, die die Plattform gesendet hat, erlauben dies nicht. Prüfen Sie die Rolle der Person im Kurs.",
    ),
    "tool.line_item_foreign": Said(
        "Das ist nicht die Adresse einer Bewertungsspalte dieses Kurses.",
        "Wählen Sie eine Bewertungsspalte des Kurses, aus dem Sie gekommen sind.",
        "Punkte und Ergebnisse gibt es nur für Bewertungsspalten (line items) des Kurses, aus dem das Tool gestartet"
        " wurde, unter der Adresse, die deren Liste nennt.",
    ),
    "tool.body_malformed": Said(
        "Was gesendet wurde, kann so nicht angenommen werden.",
        CHECK_SENT,
        "Im Wortlaut: {message} Der Inhalt der Anfrage hat nicht die Form, die diese Adresse erwartet.",
    ),
    "tool.parameter_malformed": Said(
        "Eine Angabe in der Adresse ist nicht so, wie sie sein muss.", CHECK_SENT, "Im Wortlaut: {message}"
    ),
    "tool.score_missing": Said(
        "Die Punktzahl fehlt. Eine Bewertung ohne Punktzahl würde die vorhandene zurücknehmen.",
        "Gehen Sie zurück, und tragen Sie eine Punktzahl ein. Um eine Bewertung zurückzunehmen, kreuzen Sie das Feld"
        " dafür an.",
        "Ein Formular wurde ohne Punktzahl gesendet, aber als fertig bewertet: Das würde die vorhandene Bewertung"
        " löschen.",
    ),
    "tool.number_malformed": Said(
        "In einem Feld muss eine Zahl ab 0 stehen, mit einem Punkt geschrieben, wie 8.5.",
        "Gehen Sie zurück, und schreiben Sie eine Zahl: Ziffern, mit einem Punkt statt eines Kommas, wie 8.5.",
        "Im Wortlaut: {message}",
    ),
    "tool.host_invalid": Said(
        "Unter diesem Namen ist dieses Tool nicht zu erreichen.",
        AGAIN,
        "Die Kopfzeile Host der Anfrage enthält keinen Namen, den ein Browser senden würde. Wenn Menschen diese Seite"
        " sehen, suchen Sie nach einem Proxy, der ihn schreibt, oder setzen Sie tool.url auf die Adresse, die Browser"
        " sehen.",
    ),
    "tool.not_found": Said(
        "Eine solche Adresse hat dieses Tool nicht.",
        "Gehen Sie zurück zur Seite des Starts: Sie führt zu allem, was es gibt. " + AGAIN,
        "Keine Seite dieses Tools hat diese Adresse; die Seite eines Starts und sein JSON nennen die vorhandenen.",
    ),
    "tool.method_not_allowed": Said(
        "Auf diese Weise lässt sich die Adresse nicht aufrufen.",
        "Gehen Sie zurück zur Seite des Starts, und wählen Sie dort noch einmal.",
        "Die Adresse gibt es, aber für andere Methoden: Sie stehen unten als erwartet.",
    ),
    "tool.too_large": Said(
        "Die Anfrage ist zu groß.", CHECK_SENT, "Gesendet wurden mehr als 1 MiB oder zu viele Felder."
    ),
    "tool.list_too_long": Said(
        "Die Liste der Plattform ist zu lang für dieses Tool.",
        LATER,
        "Die Plattform hat mehr als 512 MiB geliefert: Vielleicht nehmen ihre Seiten kein Ende.",
    ),
}
