import { CommandError } from '../errors.js';
import type { Regex } from '../bson/values.js';

const cache = new Map<string, RegExp>();
const CACHE_SIZE = 200;

/** Meanings that differ between PCRE and JavaScript, rewritten outside of character classes. */
function translate(pattern: string, options: string): string {
  if (pattern.includes('[:')) throw refuse(pattern, 'POSIX classes');
  let out = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      const next = pattern.charAt(++at);
      // PCRE's \s is ASCII white space; JavaScript's knows Unicode.
      if (next === 's') out += inClass ? '\\t-\\r ' : '[\\t-\\r ]';
      else if (next === 'S' && !inClass) out += '[^\\t-\\r ]';
      else if (/[^\w\s^$\\.*+?()[\]{}|/-]/u.test(next)) out += next;
      else if (next === '-' && !inClass) out += '-';
      else out += `\\${next}`;
    } else if (inClass) {
      inClass = char !== ']';
      out += char;
    } else if (char === '[') {
      inClass = true;
      out += char;
    } else if (char === '.' && !options.includes('s')) out += '[^\\n]';
    else if (char === '$') out += options.includes('m') ? '(?=\\n|(?![^]))' : '(?=\\n?(?![^]))';
    else if (char === '^' && options.includes('m')) out += '(?<=\\n|(?<![^]))';
    else out += char;
  }
  return out;
}

function refuse(pattern: string, what: string): CommandError {
  return new CommandError('BadValue', `Regular expression is not supported: /${pattern}/: ${what}`);
}

/**
 * Compiles a stored or queried regular expression.
 * @throws CommandError BadValue for what JavaScript cannot evaluate as PCRE does
 */
export function compileRegex({ pattern, options }: Regex): RegExp {
  const key = `${options}/${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  if (/[^imsux]/.test(options) || options.includes('x')) {
    throw refuse(pattern, `options '${options}'`);
  }
  let compiled: RegExp;
  try {
    const flags = `u${options.includes('i') ? 'i' : ''}${options.includes('s') ? 's' : ''}`;
    compiled = new RegExp(translate(pattern, options), flags);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw refuse(pattern, 'invalid or not portable');
  }
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

/** The literal text that every match of an anchored, case-sensitive pattern starts with. */
export function literalPrefix({ pattern, options }: Regex): string | undefined {
  if (options.replace(/[su]/g, '') !== '' || pattern.includes('|')) return undefined;
  const match = /^\^([\p{L}\p{N} _@:\-/,;!#%&=<>"'~`]+)/u.exec(pattern);
  if (!match) return undefined;
  const text = match[1] ?? '';
  // A quantifier makes the last character optional.
  const next = pattern.charAt(text.length + 1);
  const kept = /[*?{]/.test(next) ? Array.from(text).slice(0, -1).join('') : text;
  return kept === '' ? undefined : kept;
}
