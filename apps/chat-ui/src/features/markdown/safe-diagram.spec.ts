import { describe, expect, it } from 'vitest';
import { harmlessSource, MAX_DIAGRAM_LENGTH, safeSvg, withOwnIds } from './safe-diagram.js';

const svg = (inner: string, attributes = ''): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inner}</svg>`;

describe("a diagram's source", () => {
  it.each([
    'flowchart LR\n  A["x < 3 and y = 2"] --> B{Left?}',
    'flowchart LR\n  A["<b>bold</b><br/>line"]',
    'sequenceDiagram\n  A->>B: GET /image?src=1',
    'classDiagram\n  class A {\n  <<interface>>\n  List~int~ items\n  }\n  A <|-- B',
    'flowchart LR\n  A --> B\n  style A fill:#f9f,stroke:#333',
    'flowchart LR\n  A@{ shape: cyl, label: "Store" }',
  ])('is drawn as it is: %j', (source) => {
    expect(harmlessSource(source)).toBe(source);
  });

  it.each([
    [
      '%%{init: {"securityLevel":"loose","themeCSS":"*{}"}}%%\nflowchart LR\n  A',
      '\nflowchart LR\n  A',
    ],
    ['---\nconfig:\n  securityLevel: loose\n---\nflowchart LR\n  A', 'flowchart LR\n  A'],
  ])('loses what would change how it is drawn: %j', (source, rest) => {
    expect(harmlessSource(source)).toBe(rest);
  });

  it.each([
    'flowchart LR\n  A["<img src=https://evil.test/a.png>"]',
    'flowchart LR\n  A["<x onclick=alert(1)>"]',
    'flowchart LR\n  A["<b/onclick=alert(1)>"]',
    'flowchart LR\n  A@{ img: "https://evil.test/a.png" }',
    'flowchart LR\n  A@{ "\\x69mg": "https://evil.test/a.png" }',
    'flowchart LR\n  style A fill:url(https://evil.test/)',
    'flowchart LR\n  style A fill:URL (https://evil.test/)',
    'flowchart LR\n  classDef x fill:u\\72l(https://evil.test/)',
    '%%{init: {"themeCSS":"}%%{"}}%%{init: {"themeCSS":"x"}',
    `flowchart LR\n${'A --> B\n'.repeat(MAX_DIAGRAM_LENGTH)}`,
  ])('is refused where it asks for something from elsewhere: %.60j', (source) => {
    expect(harmlessSource(source)).toBeNull();
  });
});

describe('a drawn diagram', () => {
  it('keeps shapes, texts and what refers within it', () => {
    const inner =
      '<style>#d{fill:red}</style><defs><marker id="end"/></defs><path d="M0 0" marker-end="url(#end)"/><g class="node"><text>A</text></g>';
    expect(safeSvg(svg(inner, 'id="d"')).innerHTML.replaceAll(/ xmlns="[^"]*"/g, '')).toBe(
      inner.replaceAll(/<(\w+)([^>]*)\/>/g, '<$1$2></$1>'),
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '<image href="https://evil.test/a.png"/>',
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.test/"/></foreignObject>',
    '<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/></foreignObject>',
    '<g onclick="alert(1)"/>',
    '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
    '<a href="https://evil.test/" target="_blank"><text>x</text></a>',
    '<use href="https://evil.test/a.svg#x"/>',
    '<use xlink:href="data:image/svg+xml,x"/>',
    '<rect style="fill:url(https://evil.test/)"/>',
    '<rect fill="url(https://evil.test/)"/>',
    '<rect style="fill:u\\72l(https://evil.test/)"/>',
    '<style>@import "https://evil.test/a.css";</style>',
    '<style>*{background:url("https://evil.test/")}</style>',
    '<animate attributeName="href" values="javascript:alert(1)"/>',
    '<set attributeName="onmouseover" to="alert(1)"/>',
    '<text onmouseover="alert(1)">x</text>',
  ])('does nothing and fetches nothing: %s', (inner) => {
    const element = safeSvg(svg(inner));
    expect(element.outerHTML).not.toMatch(/evil|javascript|alert|data:|onerror|onclick/);
  });

  it('is refused where it is none', () => {
    expect(() => safeSvg('<p xmlns="http://www.w3.org/1999/xhtml">x</p>')).toThrow('Not an SVG.');
    expect(() => safeSvg('<svg><unclosed></svg>')).toThrow('Not an SVG.');
  });

  it('shares no id with another', () => {
    const drawing = svg(
      '<style>#d .x{fill:red}</style><title id="t">T</title><marker id="end"/><path marker-end="url(#end)"/>',
      'id="d" aria-labelledby="t"',
    );
    const one = withOwnIds(safeSvg(drawing), 'a');
    expect(one.id).toBe('a-d');
    expect(one.getAttribute('aria-labelledby')).toBe('a-t');
    expect(one.querySelector('path')?.getAttribute('marker-end')).toBe('url(#a-end)');
    expect(one.querySelector('style')?.textContent).toBe('#a-d .x{fill:red}');
    expect(one.querySelector('marker')?.id).toBe('a-end');
  });
});
