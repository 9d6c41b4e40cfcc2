/**
 * The program that typesets a conversation (Typst 0.14). It is the same for every document: what is
 * printed comes from `conversation.json` as values, a `PrintedDocument`.
 */
export const TEMPLATE = String.raw`
#let data = json("conversation.json")

#let fallback = (
  "Noto Naskh Arabic", "Noto Sans Hebrew", "Noto Sans S Chinese", "Noto Sans Japanese",
  "Noto Sans Korean", "Noto Sans T Chinese", "Noto Emoji", "Noto Sans Thai",
  "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Telugu",
  "Noto Sans Gujarati", "Noto Sans Gurmukhi", "Noto Sans Kannada", "Noto Sans Malayalam",
  "Noto Sans Sinhala", "Noto Sans Khmer", "Noto Sans Lao", "Noto Sans Myanmar",
  "Noto Sans Armenian", "Noto Sans Georgian", "Noto Sans Ethiopic",
)
// These would be two glyphs where a font lacks them, and be copied twice.
#let precomposed = regex("[^≠≢≁≄≇≉≮≯≰≱∉∌∄∤∦]")
#let latin = (name: "Noto Sans", covers: precomposed)
// Han letters have other forms in each language, so its own font comes first.
#let fonts-of(lang) = {
  let own = (ar: "Noto Naskh Arabic", he: "Noto Sans Hebrew", zh: "Noto Sans S Chinese",
    ja: "Noto Sans Japanese", ko: "Noto Sans Korean").at(lang, default: none)
  (latin,) + if own == none { () } else { (own,) } + fallback
}
#let mono = ((name: "Noto Sans Mono", covers: precomposed),) + fallback
#let quiet = luma(38%)
#let edge = luma(82%)
#let soft = luma(96%)

#set document(title: data.title, date: none)
#set page(
  paper: "a4",
  margin: (x: 22mm, top: 20mm, bottom: 22mm),
  footer: context align(center, text(size: 8.5pt, fill: quiet)[
    #counter(page).display() / #counter(page).final().first()
  ]),
)
// Without optional ligatures: many programs copy their letters in the wrong order.
#set text(font: fonts-of("en"), size: 10.5pt, lang: "en", hyphenate: false, features: (liga: 0))
#set par(leading: 0.68em, spacing: 1.15em, justify: false, linebreaks: "simple")
#set list(marker: ([•], [◦], [–]), indent: 0.4em, body-indent: 0.6em)
#set enum(indent: 0.4em, body-indent: 0.6em)
#set table(stroke: 0.5pt + edge, inset: (x: 6pt, y: 4.5pt))
#show raw: set text(font: mono, size: 9pt)
#show link: set text(fill: rgb("#4c1d95"))
#show link: underline
#show title: set text(size: 19pt)
#show title: set block(below: 0.5em)
#show heading: set block(above: 1.4em, below: 0.8em, sticky: true)
#show heading.where(level: 2): set text(size: 10.5pt)
#show heading.where(level: 3): set text(size: 14.5pt)
#show heading.where(level: 4): set text(size: 12.5pt)
#show heading.where(level: 5): set text(size: 11.5pt)
#show heading.where(level: 6): set text(size: 10.5pt)
#show heading.where(level: 7): set text(size: 10.5pt, fill: quiet)
#show heading.where(level: 8): set text(size: 10.5pt, fill: quiet)

// A line may break between two boxes. They have no direction of their own: in a paragraph that runs
// from left to right, those with letters of the other direction follow each other as these letters do
// between marks of direction.
#let to-left = regex("[\p{Hebrew}\p{Arabic}\p{Syriac}\p{Thaana}\p{Nko}\p{Samaritan}\p{Mandaic}]")
#let pieces(parts, set-as: text) = context for part in parts {
  let mark = if text.dir != rtl and part.contains(to-left) { "\u{200f}" }
  mark + box(set-as(part)) + mark
}

#let inlines(nodes) = {
  []
  for node in nodes {
    if type(node) == str { node }
    else if type(node) == array { pieces(node) }
    else if node.t == "br" { linebreak() }
    else if node.t == "em" { emph(inlines(node.c)) }
    else if node.t == "strong" { strong(inlines(node.c)) }
    else if node.t == "del" { strike(inlines(node.c)) }
    else if node.t == "a" { link(node.href, inlines(node.c)) }
    else if node.t == "code" {
      for piece in node.c {
        if type(piece) == str { raw(piece) }
        else if type(piece) == array { pieces(piece, set-as: raw) }
        else { linebreak() }
      }
    }
  }
}

#let set-in(script, body) = {
  set text(lang: script.lang, dir: if script.dir == "rtl" { rtl } else { ltr }, font: fonts-of(script.lang))
  body
}

#let code(block-data) = {
  set text(dir: ltr)
  // Long words may be broken anywhere; nothing is added to what is copied.
  show regex(if block-data.long { "\S{20}" } else { "^\z." }): box
  block(width: 100%, fill: soft, stroke: 0.5pt + edge, inset: 8pt, radius: 4pt,
    align(left, raw(block-data.v, lang: block-data.lang, block: true)))
}

#let blocks(nodes) = {
  []
  for node in nodes {
    if node.t == "p" { set-in(node.s, par(inlines(node.c))) }
    else if node.t == "h" {
      set-in(node.s, heading(level: node.n + 2, outlined: false, bookmarked: false, inlines(node.c)))
    }
    else if node.t == "quote" {
      let bar = 2.5pt + edge
      set-in(node.s, block(
        inset: if node.s.dir == "rtl" { (right: 10pt, y: 2pt) } else { (left: 10pt, y: 2pt) },
        stroke: if node.s.dir == "rtl" { (right: bar) } else { (left: bar) },
        quote(block: true, blocks(node.b)),
      ))
    }
    else if node.t == "ul" { set-in(node.s, list(..node.items.map(blocks))) }
    else if node.t == "ol" {
      set-in(node.s, enum(start: node.start, ..node.items.map(blocks)))
    }
    else if node.t == "code" { code(node) }
    else if node.t == "table" {
      let sides = (left: left, center: center, right: right)
      let columns = calc.max(1, ..node.rows.map(row => row.len()))
      let cells(row) = row.map(inlines)
      let side(x) = {
        let given = node.align.at(x, default: none)
        if given == none { start } else { sides.at(given) }
      }
      set-in(node.s, table(
        columns: columns,
        align: (x, y) => side(x),
        table.header(..cells(node.rows.first()).map(strong)),
        ..node.rows.slice(1).map(cells).flatten(),
      ))
    }
    else if node.t == "hr" { block(above: 1.2em, below: 1.2em, line(length: 100%, stroke: 0.5pt + edge)) }
  }
}

// What the first letter that no font has says is lost by the exporter: let it be this one, which is
// in no text (see printable.ts) and is left out of the finished document.
#let lost = text(size: 0.1pt, "\u{10fffe}")
#place(pdf.artifact({
  lost
  strong(lost)
  emph(lost)
  strong(emph(lost))
  text(font: mono, lost)
  text(font: mono, strong(lost))
}))

#show quote.where(block: true): set pad(x: 0pt)
#set-in(data.script, title())
#text(size: 9pt, fill: quiet, data.begun)
#if data.instructions.len() > 0 {
  heading(level: 2)[Instructions]
  block(width: 100%, inset: 10pt, stroke: 0.5pt + edge, radius: 5pt, blocks(data.instructions))
}
#for turn in data.turns {
  if "branch" in turn {
    block(above: 2em, below: 1em, width: 100%, stroke: (top: 1.5pt + edge), inset: (top: 8pt),
      emph(text(fill: quiet, turn.branch)))
  }
  heading(level: 2, [#turn.who #h(0.5em) #text(size: 8.5pt, weight: "regular", fill: quiet, turn.details)])
  if turn.mine {
    block(width: 100%, inset: 10pt, fill: soft, radius: 5pt, blocks(turn.blocks))
  } else { blocks(turn.blocks) }
}
`;
