"""The first wording of imprint, privacy notice and accessibility statement.

The operator completes the imprint in the admin; the other two describe what the portal does.
"""

from django.db import migrations

IMPRINT_DE = """
<p>Angaben nach § 5 des Digitale-Dienste-Gesetzes (DDG) und § 18 Absatz 2 des Medienstaatsvertrags (MStV).</p>
<h3>Anbieter</h3>
<p>Bitte tragen Sie hier ein: Name und Rechtsform der Organisation, die das Portal betreibt; Straße und Hausnummer; Postleitzahl und Ort.</p>
<h3>Vertretung</h3>
<p>Bitte tragen Sie hier ein, wer die Organisation vertritt.</p>
<h3>Kontakt</h3>
<p>Bitte tragen Sie hier Telefon und E-Mail-Adresse ein.</p>
<h3>Register und Umsatzsteuer</h3>
<p>Bitte tragen Sie hier Registergericht, Registernummer und Umsatzsteuer-Identifikationsnummer ein, soweit vorhanden.</p>
<h3>Verantwortlich für den Inhalt</h3>
<p>Bitte tragen Sie hier Name und Anschrift der Person ein, die nach § 18 Absatz 2 MStV verantwortlich ist.</p>
<h3>Inhalte und Rechte</h3>
<p>Konzepte, Bausteine, Pressemitteilungen und der Leitfaden stehen zum Lesen und Herunterladen bereit. Pressemitteilungen dürfen für die Berichterstattung verwendet werden. Bei Bildern steht, wer sie gemacht hat. Für alles andere gilt das Urheberrecht; bitte fragen Sie uns.</p>
<p>Links führen zu Seiten anderer Anbieter. Für deren Inhalte sind diese verantwortlich.</p>
<h3>Software</h3>
<p>Das Portal ist freie Software unter der European Union Public Licence (EUPL 1.2). Gestaltung: KERN UX-Standard. Schrift: Fira Sans.</p>
"""

IMPRINT_EN = """
<p>Information required by section 5 of the German Digital Services Act (DDG) and section 18(2) of the State Media Treaty (MStV).</p>
<h3>Provider</h3>
<p>To be completed: name and legal form of the organisation that operates the portal; street and number; postcode and town.</p>
<h3>Represented by</h3>
<p>To be completed: who represents the organisation.</p>
<h3>Contact</h3>
<p>To be completed: telephone and e-mail address.</p>
<h3>Register and VAT</h3>
<p>To be completed where applicable: court of registration, registration number and VAT number.</p>
<h3>Responsible for the content</h3>
<p>To be completed: name and address of the person responsible under section 18(2) MStV.</p>
<h3>Content and rights</h3>
<p>Concepts, building blocks, press releases and the guideline may be read and downloaded. Press releases may be used for reporting. Each picture names its author. Everything else is protected by copyright; please ask us.</p>
<p>Links lead to pages of other providers, who are responsible for their content.</p>
<h3>Software</h3>
<p>The portal is free software under the European Union Public Licence (EUPL 1.2). Design: KERN UX standard. Typeface: Fira Sans.</p>
"""

PRIVACY_DE = """
<p>Diese Seite sagt, welche personenbezogenen Daten das Portal verarbeitet, wozu, wie lange und welche Rechte Sie haben. Verantwortlich ist die im Impressum genannte Organisation.</p>
<h3>Wenn Sie nur lesen</h3>
<p>Öffentliche Seiten können Sie ohne Konto lesen. Das Portal setzt dabei keine Cookies, misst keine Besuche und bindet nichts von anderen Anbietern ein: Schriften, Skripte und Bilder kommen von diesem Server.</p>
<p>Wählen Sie eine helle oder dunkle Darstellung, merkt sich Ihr Browser diese Wahl im lokalen Speicher. Sie wird nicht an uns übertragen.</p>
<p>Der Server hält bei jedem Aufruf in einem Protokoll fest: Zeitpunkt, Adresse der Seite, Ergebnis, Ihre IP-Adresse und die Kennung Ihres Browsers. Das dient der Sicherheit und der Fehlersuche (Artikel 6 Absatz 1 Buchstabe f DSGVO). Protokolle werden höchstens 90 Tage aufbewahrt und nicht mit anderen Daten zusammengeführt.</p>
<h3>Wenn Sie ein Konto haben</h3>
<p>Konten entstehen durch eine Einladung. Das Portal speichert dazu Ihre E-Mail-Adresse, die gewählte Sprache, den Zeitpunkt der Anlage und Ihr Passwort, dieses nur als Prüfwert (Argon2), aus dem es sich nicht zurückrechnen lässt. Richten Sie einen zweiten Faktor ein, kommen dessen Schlüssel und die Notfallcodes hinzu.</p>
<p>Für die Anmeldung sind zwei Cookies nötig: das Sitzungs-Cookie, das nach höchstens zwölf Stunden verfällt, und das CSRF-Cookie, das Formulare vor gefälschten Anfragen schützt. Beide sind technisch notwendig (§ 25 Absatz 2 Nummer 2 TDDDG); eine Einwilligung braucht es dafür nicht.</p>
<p>Zu jeder Sitzung speichert das Portal IP-Adresse, Browserkennung und Zeitpunkte. Sie sehen Ihre Sitzungen unter „Konto und Sicherheit“ und können sie dort beenden. Um das Erraten von Passwörtern zu verhindern, zählt das Portal Anmeldeversuche je Adresse für einige Minuten.</p>
<h3>Wenn Sie in einem Durchlauf mitarbeiten</h3>
<p>Die Projektleitung erfasst Ihren Namen, gegebenenfalls Titel, E-Mail-Adresse und Telefonnummer, Ihre Funktion und Organisation, den Bereich, aus dem Sie kommen, und Ihre Teilnahme an Workshops und Teams. Hinzu kommt, was Sie selbst eingeben: Ergebnisse mit Dateien, Texte und Mitzeichnungen mit Kommentar. Wer Ihre Ergebnisse lesen darf, steht bei jeder Aufgabe. Bilder, die Sie hochladen, verlieren dabei die Angaben zu Ort und Gerät.</p>
<p>Rechtsgrundlage ist Ihre Mitarbeit im Programm (Artikel 6 Absatz 1 Buchstabe b DSGVO), bei öffentlichen Trägern auch deren Aufgabe (Buchstabe e).</p>
<h3>Was öffentlich wird</h3>
<p>Ihr Name steht auf öffentlichen Seiten und in Druckfassungen nur, wenn Sie dem zugestimmt haben (Artikel 6 Absatz 1 Buchstabe a DSGVO). Das Portal hält fest, welchem Wortlaut Sie wann und auf welchem Weg zugestimmt haben. Sie können jede Einwilligung einzeln widerrufen; der Widerruf wirkt für die Zukunft. In bereits gedruckten Fassungen bleibt der Name stehen.</p>
<p>Bei Veröffentlichungen bleiben Funktion und Organisation so stehen, wie sie am Tag der Veröffentlichung waren.</p>
<h3>Nachweise</h3>
<p>Ein Änderungsprotokoll hält fest, welches Konto wann welchen Schritt ausgelöst hat, zum Beispiel eine Freigabe. Im Portal lässt es sich nicht ändern; es dient dem Nachweis (Artikel 6 Absatz 1 Buchstaben c und f DSGVO). E-Mails, die das Portal verschickt, werden mit Empfängeradresse und Zustand der Zustellung gespeichert.</p>
<h3>Wie lange</h3>
<p>Daten eines Durchlaufs bleiben gespeichert, solange das Programm sie für Nachweise gegenüber seinen Förderern braucht. Danach werden sie gelöscht oder so verändert, dass niemand mehr zu erkennen ist. Sitzungen und Einladungen, die abgelaufen sind, werden unbrauchbar; Einladungen gelten 30 Tage. Sicherungskopien werden spätestens nach 35 Tagen überschrieben.</p>
<h3>Wer die Daten erhält</h3>
<p>Projektleitung und Redaktion des Programms sehen die Daten ihres Programms, Begleitende die ihres Durchlaufs, andere Teilnehmende nur, was die Aufgabe vorsieht. Betrieb und E-Mail-Versand können Dienstleister übernehmen, die an unsere Weisungen gebunden sind (Artikel 28 DSGVO). Eine Übermittlung in Staaten außerhalb der Europäischen Union ist nicht vorgesehen. Es gibt keine automatisierten Entscheidungen und keine Auswertung Ihrer Person.</p>
<h3>Ihre Rechte</h3>
<ul>
<li>Auskunft über Ihre Daten (Artikel 15 DSGVO)</li>
<li>Berichtigung (Artikel 16) und Löschung (Artikel 17)</li>
<li>Einschränkung der Verarbeitung (Artikel 18)</li>
<li>Herausgabe in einem gängigen Format (Artikel 20)</li>
<li>Widerspruch gegen die Verarbeitung (Artikel 21)</li>
<li>Widerruf einer Einwilligung (Artikel 7 Absatz 3)</li>
<li>Beschwerde bei einer Datenschutzaufsicht (Artikel 77)</li>
</ul>
<p>Schreiben Sie dazu an die im Impressum genannte Adresse. Es genügt eine formlose Nachricht.</p>
"""

PRIVACY_EN = """
<p>This page says which personal data the portal processes, why, for how long, and which rights you have. The organisation named in the imprint is the controller.</p>
<h3>If you only read</h3>
<p>Public pages can be read without an account. The portal then sets no cookies, measures no visits and embeds nothing from other providers: typefaces, scripts and pictures come from this server.</p>
<p>If you choose a light or dark display, your browser keeps this choice in its local storage. It is not transmitted to us.</p>
<p>For each request the server writes a log line: time, address of the page, result, your IP address and your browser’s identification. This serves security and fault finding (Article 6(1)(f) GDPR). Logs are kept for 90 days at most and are not combined with other data.</p>
<h3>If you have an account</h3>
<p>Accounts come from an invitation. The portal stores your e-mail address, the language you chose, the time of creation and your password, the latter only as a check value (Argon2) from which it cannot be recovered. If you set up a second factor, its keys and the recovery codes are added.</p>
<p>Logging in needs two cookies: the session cookie, which expires after twelve hours at most, and the CSRF cookie, which protects forms against forged requests. Both are strictly necessary (section 25(2) no. 2 TDDDG) and need no consent.</p>
<p>For each session the portal stores IP address, browser identification and times. You see your sessions under “Account and security” and can end them there. To prevent passwords from being guessed, the portal counts log-in attempts per address for some minutes.</p>
<h3>If you take part in a run</h3>
<p>The project lead records your name and title, e-mail address and telephone number, your function and organisation, the sector you come from and your part in workshops and teams. Added to this is what you enter yourself: outputs with files, texts and sign-offs with comments. Each task says who may read your output. Pictures that you upload lose their details of place and device.</p>
<p>The legal basis is your work in the programme (Article 6(1)(b) GDPR), for public bodies also their task (point e).</p>
<h3>What becomes public</h3>
<p>Your name stands on public pages and in printed versions only if you agreed to it (Article 6(1)(a) GDPR). The portal records to which wording you agreed, when and in which way. You can withdraw each consent by itself; the withdrawal has effect for the future. In versions already printed the name remains.</p>
<p>Publications keep function and organisation as they were on the day of publication.</p>
<h3>Records</h3>
<p>A change log records which account took which step and when, for example an approval. It cannot be altered in the portal and serves as proof (Article 6(1)(c) and (f) GDPR). E-mails sent by the portal are stored with the recipient’s address and the state of delivery.</p>
<h3>How long</h3>
<p>The data of a run remain stored as long as the programme needs them as proof towards its funders. After that they are deleted or changed so that nobody can be recognised. Expired sessions and invitations become unusable; invitations are valid for 30 days. Backups are overwritten after 35 days at the latest.</p>
<h3>Who receives the data</h3>
<p>Project lead and editors see the data of their programme, facilitators those of their run, other participants only what the task provides for. Operation and e-mail may be done by service providers bound by our instructions (Article 28 GDPR). No transfer to countries outside the European Union is intended. There are no automated decisions and no profiling.</p>
<h3>Your rights</h3>
<ul>
<li>Access to your data (Article 15 GDPR)</li>
<li>Rectification (Article 16) and erasure (Article 17)</li>
<li>Restriction of processing (Article 18)</li>
<li>Data portability (Article 20)</li>
<li>Objection to processing (Article 21)</li>
<li>Withdrawal of consent (Article 7(3))</li>
<li>Complaint to a supervisory authority (Article 77)</li>
</ul>
<p>Please write to the address given in the imprint. An informal message is enough.</p>
"""

ACCESSIBILITY_DE = """
<p>Diese Erklärung gilt für das MfV-Portal. Wir wollen, dass alle Menschen es nutzen können, und richten uns nach der Barrierefreie-Informationstechnik-Verordnung (BITV 2.0), der Norm EN 301 549 und den Web Content Accessibility Guidelines (WCAG) 2.2, Stufe AA.</p>
<h3>Stand der Vereinbarkeit</h3>
<p>Das Portal ist mit diesen Anforderungen nach eigener Bewertung teilweise vereinbar. Ein Prüfbericht einer unabhängigen Stelle liegt noch nicht vor.</p>
<h3>Was wir getan haben</h3>
<ul>
<li>Alle Wege lassen sich mit der Tastatur gehen; der Fokus ist sichtbar.</li>
<li>Seiten haben Überschriften, Bereiche, Sprungmarken und eine Sprachangabe; Formulare sagen, was fehlt, und führen zum Feld.</li>
<li>Kontraste, Vergrößerung auf 400 Prozent, erzwungene Farben und verringerte Bewegung sind berücksichtigt; Farbe trägt nie allein eine Bedeutung.</li>
<li>Alles Wesentliche funktioniert ohne JavaScript.</li>
<li>Druckfassungen sind als PDF/UA ausgezeichnet: mit Struktur, Lesezeichen und Alternativtexten.</li>
</ul>
<h3>Was noch nicht barrierefrei ist</h3>
<ul>
<li>Dateien, die Teilnehmende hochladen, sind möglicherweise nicht barrierefrei. Wir helfen auf Anfrage mit einer anderen Fassung.</li>
<li>Informationen in Leichter Sprache und in Deutscher Gebärdensprache fehlen noch.</li>
<li>Ein Test mit Menschen, die Screenreader oder andere Hilfsmittel nutzen, steht noch aus.</li>
</ul>
<h3>Wie diese Erklärung entstand</h3>
<p>Sie beruht auf einer Selbstbewertung: Automatische Prüfungen mit axe in heller und dunkler Darstellung, auf kleinen und großen Bildschirmen, dazu Prüfungen der Bedienung mit der Tastatur und der Druckfassungen mit veraPDF. Sie werden bei jeder Änderung der Software wiederholt.</p>
<h3>Eine Barriere melden</h3>
<p>Ist Ihnen ein Mangel aufgefallen, oder brauchen Sie einen Inhalt in anderer Form? Schreiben Sie an die im Impressum genannte Adresse. Nennen Sie bitte die Seite und was Sie dort tun wollten. Wir antworten innerhalb von zwei Wochen.</p>
<h3>Wenn wir Ihnen nicht helfen konnten</h3>
<p>Bleibt Ihre Anfrage ohne befriedigende Antwort, können Sie sich an die Durchsetzungs- oder Schlichtungsstelle wenden, die für den Träger des Programms zuständig ist: die Ihres Bundeslandes oder, bei Stellen des Bundes, die <a href="https://www.schlichtungsstelle-bgg.de">Schlichtungsstelle nach § 16 des Behindertengleichstellungsgesetzes</a>. Das Verfahren ist kostenlos.</p>
"""

ACCESSIBILITY_EN = """
<p>This statement applies to the MfV portal. We want everybody to be able to use it and follow the German regulation on accessible information technology (BITV 2.0), the standard EN 301 549 and the Web Content Accessibility Guidelines (WCAG) 2.2, level AA.</p>
<h3>Compliance status</h3>
<p>By our own assessment the portal complies with these requirements in part. There is no report by an independent body yet.</p>
<h3>What we have done</h3>
<ul>
<li>All journeys can be taken with the keyboard; the focus is visible.</li>
<li>Pages have headings, landmarks, skip links and a language; forms say what is missing and lead to the field.</li>
<li>Contrast, enlargement to 400 per cent, forced colours and reduced motion are provided for; colour never carries a meaning alone.</li>
<li>Everything essential works without JavaScript.</li>
<li>Printed versions are tagged as PDF/UA: with structure, bookmarks and text alternatives.</li>
</ul>
<h3>What is not accessible yet</h3>
<ul>
<li>Files uploaded by participants may not be accessible. On request we help with another version.</li>
<li>Information in easy language and in German sign language is still missing.</li>
<li>A test with people who use screen readers or other aids is still to come.</li>
</ul>
<h3>How this statement was made</h3>
<p>It rests on a self-assessment: automatic checks with axe in light and dark display, on small and large screens, checks of keyboard operation, and of the printed versions with veraPDF. They are repeated with every change of the software.</p>
<h3>Report a barrier</h3>
<p>Did you notice a fault, or do you need some content in another form? Write to the address given in the imprint. Please name the page and what you wanted to do there. We answer within two weeks.</p>
<h3>If we could not help you</h3>
<p>If your request stays without a satisfactory answer, you can turn to the enforcement or conciliation body responsible for the programme’s responsible organisation: that of your federal state or, for federal bodies, the <a href="https://www.schlichtungsstelle-bgg.de">conciliation body under section 16 of the Act on Equal Opportunities for Persons with Disabilities</a>. The procedure is free of charge.</p>
"""

PAGES = [
    ("imprint", "de", "Impressum", IMPRINT_DE),
    ("imprint", "en", "Imprint", IMPRINT_EN),
    ("privacy", "de", "Datenschutz", PRIVACY_DE),
    ("privacy", "en", "Privacy", PRIVACY_EN),
    ("accessibility", "de", "Erklärung zur Barrierefreiheit", ACCESSIBILITY_DE),
    ("accessibility", "en", "Accessibility statement", ACCESSIBILITY_EN),
]


def write_pages(apps, schema_editor):
    LegalPage = apps.get_model("home", "LegalPage")
    for kind, language, title, body in PAGES:
        LegalPage.objects.get_or_create(
            kind=kind, language=language, defaults={"title": title, "body": body.strip()}
        )


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial")]

    operations = [migrations.RunPython(write_pages, migrations.RunPython.noop, elidable=False)]
