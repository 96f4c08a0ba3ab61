"""What a person is told in German where the platform itself refused, by its own word for the reason."""

from lti_adapters.pages.german.said import AGAIN, LATER

PLATFORM_ERRORS = {
    "login_required": "Sie sind an der Lernplattform nicht mehr angemeldet. Melden Sie sich dort an, und öffnen Sie die"
    " Aktivität dann noch einmal in Ihrem Kurs.",
    "interaction_required": "Die Lernplattform möchte Sie zuerst etwas fragen. Öffnen Sie sie in einem eigenen Fenster,"
    " melden Sie sich an, und öffnen Sie die Aktivität dann noch einmal in Ihrem Kurs.",
    "access_denied": "Die Lernplattform lässt Sie diese Aktivität nicht öffnen. Fragen Sie die Lehrenden des Kurses.",
    "launch_no_longer_valid": "Dieser Start wurde schon verwendet, oder er hat zu lange gewartet; das geschieht, wenn"
    " man die Seite neu lädt. " + AGAIN,
    "temporarily_unavailable": "Die Lernplattform ist überlastet. " + LATER,
    "server_error": "In der Lernplattform ist etwas schiefgegangen. " + LATER,
}
