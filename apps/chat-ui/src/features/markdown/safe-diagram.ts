/** Longer sources are refused: drawing them would hold up the page. */
export const MAX_DIAGRAM_LENGTH = 20_000;

const SVG = 'http://www.w3.org/2000/svg';
const HTML = 'http://www.w3.org/1999/xhtml';

const SVG_ELEMENTS: ReadonlySet<string> = new Set(
  `svg g path rect circle ellipse line polyline polygon text tspan textPath defs marker symbol use title
  desc style clipPath mask pattern linearGradient radialGradient stop foreignObject filter feDropShadow
  feGaussianBlur feOffset feFlood feComposite feMerge feMergeNode switch`.split(/\s+/),
);
const HTML_ELEMENTS: ReadonlySet<string> = new Set(
  'div span p br b i em strong code ul ol li'.split(' '),
);

/**
 * A diagram's source without what would let it change how it is drawn: directives and front matter
 * can carry style sheets.
 *
 * @returns null where the source asks for something from elsewhere (an image, an address in a style).
 * The page's content policy would stop the request; here it is not even made.
 */
export function harmlessSource(source: string): string | null {
  if (source.length > MAX_DIAGRAM_LENGTH) return null;
  const text = source
    .replace(/^\s*---[^\S\n]*\n[\s\S]*?\n\s*---[^\S\n]*(?:\n|$)/, '')
    .replace(/%%\{[\s\S]*?\}%%/g, '');
  const asksForMore =
    /%%\{|url\s*\(|@import|image-set|\bsrc\s*\(/i.test(text) ||
    // Images are drawn for shapes; a backslash could spell either word.
    /@\{[\s\S]*(?:img|\\)/i.test(text) ||
    /^\s*(?:style|classDef|linkStyle|cssClass|rect)\b.*\\/im.test(text) ||
    // Labels may be bold; a tag with attributes is after something else.
    /<[a-z][\w:-]*[\s/][^>]*=/i.test(text) ||
    /<\s*(?:img|image|picture|source|video|audio|svg|style|link|i?frame|object|embed|input|feImage|use|script|meta|base)\b/i.test(
      text,
    );
  return asksForMore ? null : text;
}

/**
 * A drawn diagram as an element that shows, and does nothing else: only elements on the list, no event
 * handlers, no links, no address but those inside the drawing.
 *
 * @param svg what the drawing library returned, already sanitised there; this is the second lock.
 * @throws Error where it is no SVG.
 */
export function safeSvg(svg: string): SVGSVGElement {
  const { documentElement: root } = new DOMParser().parseFromString(svg, 'image/svg+xml');
  // Browsers put what they could not parse into a `parsererror`, at the root or within it.
  const isWhole = root.querySelector('parsererror') === null;
  if (!isWhole || root.namespaceURI !== SVG || root.localName !== 'svg') {
    throw new Error('Not an SVG.');
  }
  for (const element of [...root.querySelectorAll('*')]) {
    if (!isAllowed(element)) element.remove();
  }
  for (const element of [root, ...root.querySelectorAll('*')]) cleanAttributes(element);
  for (const style of root.querySelectorAll('style'))
    style.textContent = localOnly(style.textContent);
  return document.importNode(root, true) as unknown as SVGSVGElement;
}

/**
 * Gives every id in a drawing a prefix, and everything that refers to one follows.
 *
 * @param prefix is used by no other drawing on the page.
 */
export function withOwnIds(svg: SVGSVGElement, prefix: string): SVGSVGElement {
  const elements = [svg, ...svg.querySelectorAll('*')];
  const ids = new Map(
    elements.filter(({ id }) => id !== '').map(({ id }) => [id, `${prefix}-${id}`]),
  );
  const renamed = (text: string): string =>
    text.replace(/#([\w:.-]+)/g, (all, id: string) =>
      ids.has(id) ? `#${ids.get(id) ?? id}` : all,
    );
  for (const element of elements) {
    for (const attribute of [...element.attributes]) {
      if (attribute.localName === 'id') attribute.value = ids.get(attribute.value) ?? '';
      else if (attribute.value.includes('#')) attribute.value = renamed(attribute.value);
      else if (attribute.localName.startsWith('aria-')) {
        attribute.value = ids.get(attribute.value) ?? attribute.value;
      }
    }
    if (element.localName === 'style') element.textContent = renamed(element.textContent);
  }
  return svg;
}

function isAllowed({ namespaceURI, localName }: Element): boolean {
  if (namespaceURI === SVG) return SVG_ELEMENTS.has(localName) || localName === 'a';
  return namespaceURI === HTML && HTML_ELEMENTS.has(localName);
}

function cleanAttributes(element: Element): void {
  for (const { name, localName, value } of [...element.attributes]) {
    const isReference = localName === 'href' || localName === 'src';
    const isForbidden =
      /^on/i.test(localName) ||
      (isReference && !value.startsWith('#')) ||
      localOnly(value) !== value ||
      localName === 'target';
    if (isForbidden) element.removeAttribute(name);
  }
}

/** A style without addresses that lead out of the drawing. */
function localOnly(style: string): string {
  if (!/url|@import|image-set|\bsrc\b|\\/i.test(style)) return style;
  const withoutLocal = style.replace(/url\(\s*["']?#[\w:.-]+["']?\s*\)/gi, '');
  return /url|@import|image-set|\bsrc\s*\(|\\/i.test(withoutLocal) ? '' : style;
}
