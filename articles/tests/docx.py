"""Word files for tests, built part by part as Word writes them."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
TOP = f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>
</Relationships>"""
INNER = f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{R}/styles" Target="styles.xml"/>
<Relationship Id="rId2" Type="{R}/numbering" Target="numbering.xml"/>
<Relationship Id="web" Type="{R}/hyperlink" Target="https://www.who.int/a_(b)" TargetMode="External"/>
<Relationship Id="bad" Type="{R}/hyperlink" Target="javascript:alert(1)" TargetMode="External"/>
</Relationships>"""
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>'
    for n in range(1, 7)
)
LEVELS = {
    kind: "".join(
        f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="{kind}"/></w:lvl>' for n in range(3)
    )
    for kind in ("bullet", "decimal")
}
NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{n}">{LEVELS[kind]}</w:abstractNum>'
    for n, kind in enumerate(LEVELS)
) + "".join(
    f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(2)
)
BULLETS, NUMBERS = 1, 2


def run(words, marks=""):
    """Words with `marks`, such as `<w:b/>`."""
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def para(*runs, about=""):
    inside = "".join(r if r.startswith("<") else run(r) for r in runs)
    return f"<w:p><w:pPr>{about}</w:pPr>{inside}</w:p>"


def heading(level, words):
    return para(words, about=f'<w:pStyle w:val="Heading{level}"/>')


def item(words, *, of=BULLETS, level=0):
    place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{of}"/>'
    return para(words, about=f"<w:numPr>{place}</w:numPr>")


def table(*rows):
    lines = ("".join(f"<w:tc>{para(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def link(words, relation="web"):
    return f'<w:hyperlink r:id="{relation}">{run(words)}</w:hyperlink>'


def part(name, inside):
    names = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {names}>{inside}</w:{name}>'
    )


def docx(*blocks, document=None, **more):
    """The bytes of a file whose body is these blocks. `more` are parts by their path."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": TOP,
        "word/_rels/document.xml.rels": INNER,
        "word/styles.xml": part("styles", STYLES),
        "word/numbering.xml": part("numbering", NUMBERING),
        "word/document.xml": document
        or part("document", f"<w:body>{''.join(blocks)}</w:body>"),
        **more,
    }
    return zipped({name: text for name, text in parts.items() if text is not None})


def zipped(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return target.getvalue()
