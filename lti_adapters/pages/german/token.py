"""What is said in German where the token of a launch is refused: its form, its key, its times."""

from lti_adapters.pages.german.said import (
    ATTACK,
    CLOCK,
    KEYS,
    LATER,
    PLATFORM_BUG,
    REGISTRATION,
    Said,
    again,
    ask,
    tell,
)

_OTHER_CLIENT = REGISTRATION + " Der Start wurde für eine andere Client-ID gemacht."

TOKEN = {
    "launch.token_malformed": ask(
        "Das Token der Plattform lässt sich nicht lesen.", "Im Wortlaut: {message} " + PLATFORM_BUG
    ),
    "launch.algorithm_not_allowed": ask(
        "Die Plattform hat mit einem Verfahren signiert, das nicht erlaubt ist oder nicht zu ihrem Schlüssel passt.",
        "Lassen Sie die Plattform mit RS256 signieren (oder mit RS384, RS512, ES256, ES384, ES512), und zwar mit einem"
        " Schlüssel, der zu dem Verfahren passt.",
    ),
    "launch.critical_header": ask("Das Token verlangt eine Erweiterung, die dieses Tool nicht kennt."),
    "launch.kid_missing": ask("Das Token nennt den Schlüssel nicht, mit dem es signiert wurde."),
    "launch.key_not_found": tell(
        "Im Schlüsselsatz der Plattform ist kein brauchbarer Schlüssel dieses Namens.",
        "Die Plattform hat mit einem Schlüssel signiert, der in ihrem Schlüsselsatz nicht steht. " + KEYS + " Kurz"
        " nachdem die Plattform ihre Schlüssel gewechselt hat, hilft es, einige Minuten zu warten.",
    ),
    "launch.key_set_unavailable": Said(
        "Der Schlüsselsatz der Plattform ist zurzeit nicht zu bekommen.",
        LATER,
        "Im Wortlaut: {message} Die Schlüssel der Plattform konnten nicht geholt werden. " + KEYS,
    ),
    "launch.key_set_malformed": ask(
        "Der Schlüsselsatz der Plattform lässt sich nicht lesen.",
        "Was die Plattform unter der Adresse ihres Schlüsselsatzes antwortet, ist kein Schlüsselsatz. " + KEYS,
    ),
    "launch.signature_invalid": tell(
        "Dieses Token hat nicht die Plattform signiert.",
        "Der Start wurde nicht mit dem Schlüssel signiert, den die Plattform unter diesem Namen veröffentlicht. "
        + KEYS
        + " Stehen die Schlüssel in der Registrierung selbst, ersetzen Sie sie durch die heutigen der Plattform. Sind"
        " sie richtig, hat jemand diesen Start gefälscht.",
    ),
    "launch.issuer_mismatch": ask(
        "Das Token stammt von einer anderen Plattform als die Anmeldung.",
        REGISTRATION + " Der Issuer muss auf beiden Seiten derselbe Text sein.",
    ),
    "launch.audience_mismatch": ask("Das Token ist für ein anderes Tool bestimmt.", _OTHER_CLIENT),
    "launch.azp_missing": ask("Das Token ist an mehrere gerichtet und sagt nicht, für wen von ihnen es gemacht wurde."),
    "launch.azp_mismatch": ask("Das Token wurde für ein anderes Tool gemacht.", _OTHER_CLIENT),
    "launch.token_expired": again(
        "Das Token ist abgelaufen.",
        "Ein Start gilt eine Minute oder eine Stunde lang, wie die Plattform es will, und lässt sich später nicht neu"
        " laden. Wenn jeder Start so abgelehnt wird: " + CLOCK,
    ),
    "launch.exp_missing": ask("Das Token sagt nicht, bis wann es gilt."),
    "launch.iat_missing": ask("Das Token sagt nicht, wann es ausgestellt wurde."),
    "launch.issued_in_future": Said("Das Token wurde in der Zukunft ausgestellt.", LATER, CLOCK),
    "launch.token_too_old": again("Das Token ist zu alt.", CLOCK),
    "launch.not_yet_valid": Said("Das Token gilt noch nicht.", LATER, CLOCK),
    "launch.nonce_missing": ask("Dem Token fehlt die nonce, die es nur einmal gültig macht."),
    "launch.nonce_mismatch": tell(
        "Das Token antwortet auf eine andere Anmeldung.", "Die Antwort gehört zu einer anderen Anmeldung. " + ATTACK
    ),
    "launch.nonce_used": again(
        "Dieser Start wurde schon einmal verwendet.",
        "Jeder Start gilt nur einmal, damit niemand wiederholen kann, was er mitgelesen hat: Schon wer die Seite neu"
        " lädt, sieht das hier. Werden erste Starts so abgelehnt, suchen Sie nach etwas, das jedes Formular zweimal"
        " sendet.",
    ),
}
