"""What is said in German where a login is refused."""

from lti_adapters.pages.german.said import LAUNCH_URL, LTI_1_1, PLATFORM_BUG, ask

LOGIN = {
    "login.issuer_missing": ask(
        "Die Plattform hat nicht gesagt, wer sie ist.",
        "Die Adresse für die Anmeldung wurde ohne `iss` aufgerufen. Nur eine Plattform ruft sie auf: Tragen Sie dort"
        " diese Adresse als Login-Adresse (initiate login) ein und die Start-Adresse als Redirect-Adresse.",
    ),
    "login.issuer_unknown": ask(
        "Diese Plattform ist in diesem Tool nicht registriert.",
        "Registrieren Sie die Plattform in diesem Tool, genau unter dem Issuer, der unten als gefunden steht. Ein"
        " Schrägstrich am Ende, http statt https oder andere Groß- und Kleinschreibung ergeben einen anderen Issuer.",
    ),
    "login.login_hint_missing": ask("Die Plattform hat keinen Login-Hinweis (login_hint) gesendet."),
    "login.target_link_uri_missing": ask("Die Plattform hat nicht gesagt, wohin der Start führen soll."),
    "login.target_link_uri_foreign": ask(
        "Der Start führt zu einer Adresse, die nicht zu diesem Tool gehört.", LAUNCH_URL
    ),
    "login.client_unknown": ask(
        "Für diese Plattform gibt es in diesem Tool keine Registrierung mit dieser Client-ID.",
        "Die Plattform ist bekannt, diese Client-ID nicht. Fügen Sie eine Registrierung mit der Client-ID hinzu, die"
        " die Plattform anzeigt, oder berichtigen Sie die vorhandene.",
    ),
    "login.client_ambiguous": ask(
        "Die Plattform hat nicht gesagt, welche von mehreren Registrierungen gemeint ist.",
        "Diese Plattform hat mehrere Registrierungen. Kennzeichnen Sie eine davon als Standard (default), oder lassen"
        " Sie die Plattform client_id senden.",
    ),
    "login.parameter_repeated": ask(
        "Die Plattform hat eine Angabe doppelt gesendet.",
        "Im Wortlaut: {message} Jede Angabe darf nur einmal gesendet werden. Sehen Sie nach, ob die Login-Adresse in"
        " der Plattform schon mit eigenen Parametern endet.",
    ),
    "login.parameter_too_long": ask(
        "Die Plattform hat eine Angabe gesendet, die zu lang ist.",
        "Im Wortlaut: {message} Erlaubt sind höchstens 8 KiB. " + PLATFORM_BUG,
    ),
    "login.parameter_malformed": ask(
        "Die Plattform hat eine Angabe gesendet, die sich nicht lesen lässt.", "Im Wortlaut: {message} " + PLATFORM_BUG
    ),
    "login.lti11_not_supported": ask("Dies ist ein Start mit LTI 1.1; dieses Tool spricht LTI 1.3.", LTI_1_1),
    "login.too_large": ask(
        "Die Anfrage ist zu groß.", "Das gesendete Formular ist zu groß für eine Anmeldung. " + PLATFORM_BUG
    ),
    "login.method_not_allowed": ask(
        "Eine Anmeldung beginnt mit GET oder POST.", "Die Adresse für die Anmeldung beantwortet nur GET und POST."
    ),
    "login.storage_target_malformed": ask(
        "Die Plattform nennt für ihren Speicher einen Rahmen, den es so nicht geben kann.",
        "Nur eine Warnung: Die Anmeldung geht weiter, aber ohne den Speicher der Plattform. Browser, die keine Cookies"
        " behalten, brauchen dann ein neues Fenster. " + PLATFORM_BUG,
    ),
}
