"""What is said in German where what a browser brings to the launch address is refused, up to the token in it."""

from lti_adapters.pages.german.said import AGAIN, ATTACK, LTI_1_1, PLATFORM_BUG, Said, again, ask, tell

LAUNCH = {
    "launch.refused_by_platform": Said(
        "Die Plattform hat die Anmeldung abgelehnt.",
        "Die Lernplattform selbst hat diesen Start abgebrochen. Prüfen Sie, ob Sie dort noch angemeldet sind, und"
        " öffnen Sie die Aktivität dann noch einmal in Ihrem Kurs.",
        "Das Wort der Plattform für den Grund steht unten als gefunden. Mehr steht in ihrem Protokoll; abgelehnt hat"
        " nicht dieses Tool.",
    ),
    "launch.method_not_allowed": Said(
        "Ein Start ist ein Formular, das die Plattform sendet.",
        "Diese Adresse lässt sich nicht von Hand öffnen, neu laden oder als Lesezeichen verwenden. " + AGAIN,
        "Eine Plattform sendet ein Formular (POST) an die Start-Adresse. Wenn die Plattform jemanden hierher geschickt"
        " hat, prüfen Sie, ob dies ihre Redirect-Adresse ist, und ob kein Proxy aus POST ein GET macht.",
    ),
    "launch.lti11_not_supported": ask("Dies ist ein Start mit LTI 1.1; dieses Tool spricht LTI 1.3.", LTI_1_1),
    "launch.id_token_missing": tell(
        "Die Plattform hat kein Token gesendet.",
        "Eine Plattform sendet id_token und state an die Start-Adresse. Tragen Sie dort für den Beginn eines Starts die"
        " Login-Adresse ein: Mit LTI 1.3 beginnt ein Start nie hier.",
    ),
    "launch.parameter_repeated": ask(
        "Die Plattform hat eine Angabe doppelt gesendet.", "Im Wortlaut: {message} " + PLATFORM_BUG
    ),
    "launch.parameter_malformed": ask(
        "Die Plattform hat eine Angabe gesendet, die sich nicht lesen lässt.", "Im Wortlaut: {message} " + PLATFORM_BUG
    ),
    "launch.state_missing": tell("Die Plattform hat mit diesem Start keinen state gesendet.", ATTACK),
    "launch.state_invalid": tell(
        "Dieses Tool hat die Anmeldung, die zu diesem Start gehört, nicht begonnen.",
        "Der state stammt nicht von diesem Tool, oder sein Geheimnis hat sich inzwischen geändert. Geben Sie allen"
        " Servern dieses Tools dieselben state.secrets oder denselben privaten Schlüssel. " + ATTACK,
    ),
    "launch.state_expired": again(
        "Die Anmeldung wurde vor zu langer Zeit begonnen.",
        "Zwischen Anmeldung und Start lagen mehr als zehn Minuten: meist, weil eine Seite neu geladen wurde oder die"
        " Anmeldung an der Plattform lange dauerte. Zu tun ist nichts.",
    ),
    "launch.browser_mismatch": Said(
        "Dieser Browser hat den Start nicht begonnen, oder er ließ sich nicht wiedererkennen.",
        "Ihr Browser hat die kleine Datei (ein Cookie), die er von diesem Tool eben bekommen hat, nicht"
        " zurückgesendet. Browser halten Cookies von Seiten zurück, die innerhalb einer anderen Website stehen."
        " Öffnen Sie die Aktivität noch einmal in Ihrem Kurs; wenn das nicht hilft, öffnen Sie sie in einem neuen"
        " Fenster oder Tab, oder erlauben Sie Cookies für dieses Tool.",
        "Lassen Sie die Plattform das Tool in einem neuen Fenster öffnen, oder bitten Sie die Leute, Cookies von"
        " Drittanbietern für dieses Tool zu erlauben. Wenn es in jedem Browser geschieht, prüfen Sie, ob das Tool"
        " über https erreicht wird, und ob kein Proxy Cookies entfernt. Steht unten platform_storage.wrong_origin, so"
        " ist die auth_login_url der Registrierung nicht die heutige Autorisierungsadresse der Plattform (Canvas:"
        " sso.canvaslms.com); steht dort platform_storage.timeout, so bietet die Plattform ihren Speicher zwar an,"
        " antwortet aber nicht.",
    ),
    "launch.too_large": ask(
        "Was gesendet wurde, ist zu groß.", "Gesendet wurde mehr, als ein Start umfassen kann. " + PLATFORM_BUG
    ),
}
