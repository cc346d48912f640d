"""What programs put on the clipboard, written down by hand, and the text that is meant."""

# ruff: noqa: E501 - a clip is one line, as it comes from the clipboard

WORD = "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style>p{margin:0}</style></head><body lang=DE>"
IGNORED = "<![if !supportLists]><span style='mso-list:Ignore'>{}<span style='font:7.0pt'>&nbsp;&nbsp; </span></span><![endif]>"


def word_point(mark, text, level=1, number=0):
    style = f"margin-left:36pt;mso-list:l{number} level{level} lfo1"
    return f'<p class=MsoListParagraph style="{style}">{IGNORED.format(mark)}{text}<o:p></o:p></p>'


# name: (clip, rich text)
CLIPS = {
    "plain": ("<p>Ein <strong>Satz</strong>.</p>", "<p>Ein <strong>Satz</strong>.</p>"),
    "word: a tracked change": (
        f"{WORD}<p class=MsoNormal>Das kostet <ins cite='mailto:A' datetime='2026-01-05'>50.000</ins>"
        "<span class=msoDel><del cite='mailto:A' datetime='2026-01-05'>5.000</del></span> Euro."
        "<o:p></o:p></p></body></html>",
        "<p>Das kostet 50.000 Euro.</p>",
    ),
    "word: a comment": (
        f"{WORD}<p class=MsoNormal>Leere Läden<span class=MsoCommentReference><span "
        "style='font-size:8.0pt'><a class=msocomanchor href='#_msocom_1'>[A1]</a>"
        "<span style='mso-special-character:comment'>&nbsp;</span></span></span> füllen.</p>"
        "<div style='mso-element:comment-list'><hr class=msocomoff align=left size=1>"
        "<div style='mso-element:comment'><div id='_com_1' class=msocomtxt>"
        "<p class=MsoCommentText>Bitte streichen!</p></div></div></div></body></html>",
        "<p>Leere Läden füllen.</p>",
    ),
    "word: hidden text": (
        "<p class=MsoNormal>Alle<span style='display:none;mso-hide:all'> (intern: außer B)</span>.</p>",
        "<p>Alle.</p>",
    ),
    "word: headings": (
        f"{WORD}<p class=MsoTitle>Bericht</p><h1>Ziel</h1><p class=MsoNormal>Text</p>"
        "<h2>Weg</h2><p class=MsoNormal><o:p>&nbsp;</o:p></p></body></html>",
        "<h3>Bericht</h3><h3>Ziel</h3><p>Text</p><h4>Weg</h4>",
    ),
    "word: points": (
        word_point("·", "Werkstatt")
        + word_point("o", "Holz", 2)
        + word_point("o", "Metall", 2)
        + word_point("·", "Laden"),
        "<ul><li>Werkstatt<ul><li>Holz</li><li>Metall</li></ul></li><li>Laden</li></ul>",
    ),
    "word: numbers": (
        "<p class=MsoNormal>Vorher</p>\n"
        + word_point("1.", "Fragen")
        + "\n"
        + word_point("2.", "Zuhören")
        + "\n<p class=MsoNormal>Nachher</p>",
        "<p>Vorher</p><ol><li>Fragen</li><li>Zuhören</li></ol><p>Nachher</p>",
    ),
    "word: points, then numbers": (
        word_point("·", "eins") + word_point("1)", "zwei", 1, 1),
        "<ul><li>eins</li></ul><ol><li>zwei</li></ol>",
    ),
    "word: points of a filtered page": (
        "<p class=MsoListParagraphCxSpFirst>·<span style='font:7.0pt'>&nbsp;&nbsp;&nbsp; </span>eins</p>"
        "<p class=MsoListParagraphCxSpLast>·<span style='font:7.0pt'>&nbsp;&nbsp; </span>zwei</p>",
        "<ul><li>eins</li><li>zwei</li></ul>",
    ),
    "word: an indented paragraph is no point": (
        "<p class=MsoListParagraph>Eingerückt</p>",
        "<p>Eingerückt</p>",
    ),
    "word: a table": (
        "<table class=MsoTableGrid border=1><thead><tr><td width=10><p class=MsoNormal><b>Jahr</b></p></td>"
        "<td><p class=MsoNormal><b>Euro</b></p></td></tr></thead><tr><td><p class=MsoNormal>2026</p>"
        "</td><td colspan=1><p class=MsoNormal>50.000</p></td></tr></table>",
        "<table><tbody><tr><th><p><strong>Jahr</strong></p></th><th><p><strong>Euro</strong></p></th>"
        '</tr><tr><td><p>2026</p></td><td colspan="1"><p>50.000</p></td></tr></tbody></table>',
    ),
    "libreoffice": (
        "<h1 class='western'>Titel</h1><p style='margin-bottom: 0cm'><font face='Arial'><b>fett</b> und "
        "<i>kursiv</i></font></p><ul><li><p style='line-height: 100%'>Punkt</p></li></ul>"
        "<p><br/>\n</p><!-- Kommentar -->",
        "<h3>Titel</h3><p><strong>fett</strong> und <em>kursiv</em></p><ul><li><p>Punkt</p></li></ul>",
    ),
    "libreoffice: a tracked change": (
        "<p class='western'>Am <del><font color='#c9211e'>Montag</font></del><ins>Dienstag</ins></p>",
        "<p>Am Dienstag</p>",
    ),
    "google docs": (
        "<meta charset='utf-8'><b style='font-weight:normal;' id='docs-internal-guid-1'><h2 dir='ltr'>"
        "<span style='font-size:16pt;font-weight:400'>Ziel</span></h2><p dir='ltr'><span "
        "style='font-weight:700;font-style:normal'>Fett</span><span style='font-weight:400'> und </span>"
        "<span style='font-weight:400;font-style:italic'>kursiv</span><span "
        "style='font-size:0.6em;vertical-align:super'>2</span></p><br><ul><li dir='ltr'><p dir='ltr'>"
        "<span style='font-weight:400'>Punkt</span></p></li><ul><li><p>innen</p></li></ul></ul></b>",
        "<h3>Ziel</h3><p><strong>Fett</strong> und <em>kursiv</em><sup>2</sup></p>"
        "<ul><li><p>Punkt</p><ul><li><p>innen</p></li></ul></li></ul>",
    ),
    "outlook": (
        "<div class=WordSection1><p class=MsoNormal>Guten Tag,<o:p></o:p></p><p class=MsoNormal>"
        "<o:p>&nbsp;</o:p></p><p class=MsoNormal>siehe <a href='https://example.org/'>hier</a> und "
        "<a href='#_Toc1'>oben</a>.<o:p></o:p></p></div>",
        '<p>Guten Tag,</p><p>siehe <a href="https://example.org/">hier</a> und oben.</p>',
    ),
    "outlook on the web": (
        "<div>Guten Tag,</div><div><br></div><div>bis <b>morgen</b>.</div>",
        "<p>Guten Tag,</p><p>bis <strong>morgen</strong>.</p>",
    ),
    "lines": ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
    "sections": (
        "<section><h2>A</h2>lose<p>b</p></section><section>c</section>",
        "<h3>A</h3><p>lose</p><p>b</p><p>c</p>",
    ),
    "terms": (
        "<dl><dt>Run</dt><dd>Ein Durchlauf</dd></dl>",
        "<p><strong>Run</strong></p><p>Ein Durchlauf</p>",
    ),
    "marks": (
        "<p><b>a</b><i>b</i><u>c</u> <code>d</code></p>",
        "<p><strong>a</strong><em>b</em>c d</p>",
    ),
    "a struck-out word": (
        "<p>Am <s>Montag</s> <strike>oder</strike> Dienstag</p>",
        "<p>Am   Dienstag</p>",
    ),
    "inline only": (
        "ein <b>Wort</b> &amp; &lt;mehr&gt;",
        "ein <strong>Wort</strong> &amp; &lt;mehr&gt;",
    ),
    "headings of a page": ("<h1>x</h1><h3>y</h3>", "<h3>x</h3><h4>y</h4>"),
    "our own headings": ("<h3>x</h3><h4>y</h4>", "<h3>x</h3><h4>y</h4>"),
    "deep headings": ("<h4 class='x'>x</h4><h5>y</h5>", "<h4>x</h4><h4>y</h4>"),
}
