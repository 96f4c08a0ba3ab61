"""What is said in German where what a good token says is refused, or only warned of."""

from lti_adapters.pages.german.said import LAUNCH_URL, PLATFORM_BUG, Said, ask

CLAIMS = {
    "launch.message_type_missing": ask("Der Start nennt keine Nachrichtenart."),
    "launch.message_type_unknown": ask(
        "Mit dieser Art von Nachricht kann dieses Tool nichts anfangen.",
        "Auf diese Art von Nachricht hat dieses Tool keine Antwort. Entfernen Sie die Platzierung oder den Link aus der"
        " Plattform, oder geben Sie dem Tool eine Funktion (handler) für die Nachricht.",
    ),
    "launch.version_unsupported": ask(
        "Der Start ist keiner mit LTI 1.3.", "Lassen Sie die Plattform dieses Tool mit LTI 1.3 starten (Version 1.3.0)."
    ),
    "launch.deployment_missing": ask("Der Start nennt kein Deployment."),
    "launch.deployment_unknown": ask(
        "Dieses Tool kennt das Deployment nicht (oder nicht mehr).",
        "Nehmen Sie die Deployment-ID, die unten als gefunden steht, in die Registrierung auf, wenn das Tool dort"
        " benutzt werden soll. Für Plattformen, die für jeden Kurs oder jede Schule eine neue vergeben, schreiben Sie"
        ' "deployments": "any".',
    ),
    "launch.deployment_mismatch": ask("Der Start kommt aus einem anderen Deployment als seine Anmeldung."),
    "launch.deployment_refused": ask(
        "Dieses Tool nimmt keine Starts aus diesem Deployment an.",
        "Dieses Tool soll das Deployment nicht annehmen; warum, steht in seinen eigenen Einstellungen.",
    ),
    "launch.target_link_uri_missing": ask("Der Start sagt nicht, wohin er führt."),
    "launch.target_link_uri_foreign": ask(
        "Der Start führt zu einer Adresse, die nicht zu diesem Tool gehört.", LAUNCH_URL
    ),
    "launch.target_link_uri_mismatch": ask(
        "Der Start führt zu einer anderen Adresse, als bei der Anmeldung genannt. Es gilt die signierte.", LAUNCH_URL
    ),
    "launch.resource_link_missing": ask("Der Start nennt keinen Link im Kurs (resource link)."),
    "launch.resource_link_id_missing": ask("Der Link im Kurs (resource link) hat keine Kennung."),
    "launch.roles_missing": ask("Der Start enthält keine Liste der Rollen."),
    "launch.roles_unknown": ask("Keine der Rollen ist bekannt; Rechte folgen aus ihnen nicht."),
    "launch.mentor_scope_ignored": ask(
        "Die Angabe role_scope_mentor wird nicht beachtet: Die Person hat die Rolle Mentor nicht."
    ),
    "launch.tool_platform_ignored": ask(
        "Die Angabe tool_platform wird nicht beachtet: Ihr fehlt eine brauchbare guid."
    ),
    "launch.sub_missing": ask(
        "Die Plattform hat nicht gesagt, wer das Tool startet.",
        "Suchen Sie in der Plattform nach einer Datenschutz-Einstellung, die diesem Tool die Person verbirgt.",
    ),
    "launch.identifier_too_long": ask(
        "Eine Kennung im Start ist zu lang oder enthält unerlaubte Zeichen.", "Im Wortlaut: {message} " + PLATFORM_BUG
    ),
    "launch.claim_malformed": ask(
        "Eine Angabe im Start hat nicht die Form, die sie haben muss.", "Im Wortlaut: {message} " + PLATFORM_BUG
    ),
    "launch.context_id_missing": ask("Der Kurs (context) hat keine Kennung."),
    "launch.deep_linking_settings_missing": ask("Dem Start fehlen die Einstellungen für die Auswahl von Inhalten."),
    "launch.deep_link_return_url_missing": ask("Der Start sagt nicht, wohin ausgewählte Inhalte gehen sollen."),
    "launch.deep_link_return_url_invalid": ask(
        "Die Adresse für ausgewählte Inhalte ist keine https-Adresse.",
        "Die Adresse, an die ausgewählte Inhalte gehen, muss mit https beginnen.",
    ),
    "launch.accept_types_missing": ask("Der Start sagt nicht, welche Arten von Inhalten angenommen werden."),
    "launch.accept_targets_missing": ask("Der Start sagt nicht, wo Inhalte angezeigt werden können."),
    "launch.new_window": Said(
        "In einem eigenen Fenster lassen sich keine Inhalte auswählen: Die Plattform wartet auf ihrer Seite auf die"
        " Antwort.",
        "Inhalte wählen Sie innerhalb der Seite Ihrer Lernplattform aus: Aus einem eigenen Fenster kommt die Auswahl"
        " dort nicht an. Erlauben Sie Cookies für dieses Tool, oder nehmen Sie einen anderen Browser, und öffnen Sie"
        " es dann noch einmal in Ihrem Kurs.",
        "Die Antwort auf eine Anfrage nach Inhalten (Deep Linking) erreicht die Plattform nur aus deren eigener Seite."
        " Dieser Browser hat dort keine Cookies behalten, und der Speicher der Plattform hat nicht geholfen. Bitten Sie"
        " die Leute, Cookies von Drittanbietern für dieses Tool zu erlauben.",
    ),
    "launch.review.ags_missing": ask("Dem Start fehlt die Angabe zu den Bewertungen (AGS)."),
    "launch.review.line_item_missing": ask("Der Start nennt keine Bewertungsspalte (line item)."),
    "launch.review.for_user_missing": ask("Der Start sagt nicht, um wessen Arbeit es geht."),
    "launch.review.for_user_id_missing": ask("Der Person, um deren Arbeit es geht, fehlt die user_id."),
    "launch.review.forbidden": Said(
        "Diese Arbeit dürfen Sie nicht ansehen.",
        "Sie dürfen Ihre eigene Arbeit ansehen, Lehrende die von allen.",
        "Wer wessen Arbeit sehen darf, folgt aus den Rollen, die die Plattform gesendet hat. Prüfen Sie die Rolle der"
        " Person im Kurs.",
    ),
}
