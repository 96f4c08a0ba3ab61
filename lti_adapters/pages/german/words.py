"""Headings, labels and buttons in German."""

WORDS = {
    "heading.launch": "Dieser Start konnte nicht angenommen werden",
    "heading.login": "Dieser Start konnte nicht beginnen",
    "heading.again": "Bitte öffnen Sie die Aktivität noch einmal",
    "heading.browser": "Ihr Browser hat ein Cookie zurückgehalten",
    "heading.platform": "Die Lernplattform hat diesen Start abgebrochen",
    "heading.access": "Das steht Ihnen nicht offen",
    "heading.request": "Das war nicht zu verstehen",
    "heading.value": "Das kann nicht gesendet werden",
    "heading.service": "Die Lernplattform hat nicht richtig geantwortet",
    "heading.refused": "Die Lernplattform hat abgelehnt",
    "heading.unavailable": "Dieses Tool ist zurzeit nicht verfügbar",
    "post.heading": "Einen Moment",
    "post.person": "Sie werden zu Ihrer Lernplattform weitergeleitet.",
    "post.continue": "Weiter",
    "begin.person": "Ihre Lernplattform und dieses Tool machen sich miteinander bekannt.",
    "begin.slow": "Ihr Browser behält hier keine Cookies; deshalb wird Ihre Lernplattform um Hilfe gebeten. Das dauert"
    " einen Moment.",
    "begin.window.heading": "In einem neuen Fenster öffnen",
    "begin.window.person": "Ihr Browser behält keine Cookies von Tools, die innerhalb einer Seite Ihrer Lernplattform"
    " stehen. In einem eigenen Fenster funktioniert dieses Tool.",
    "begin.window.open": "In einem neuen Fenster öffnen",
    "finish.person": "Ihre Lernplattform wird gefragt, ob sie diesen Browser kennt.",
    "finish.noscript": "Dieser Schritt braucht JavaScript. Erlauben Sie es für diese Seite, oder erlauben Sie ihre"
    " Cookies, und öffnen Sie die Aktivität dann noch einmal in Ihrem Kurs.",
    "return": "Zurück zum Kurs",
    "details": "Einzelheiten für die Betreuer der Lernplattform",
    "details.advice": "Was zu tun ist",
    "details.code": "Code",
    "details.spec": "Verlangt von",
    "details.expected": "Erwartet",
    "details.found": "Gefunden",
    "details.says": "Die Plattform sagt",
}
