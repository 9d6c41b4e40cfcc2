import { listOf, objectOf, textOf, type JsonObject } from '../reading/json-value.js';
import type { Remarks } from './remarks.js';
import { fenced, named } from './texts.js';

/** What a node holds: something to show, something the model thought, an instruction, or nothing. */
export type ReadContent =
  | { readonly kind: 'text' | 'thoughts' | 'system'; readonly text: string }
  | { readonly kind: 'nothing' };

const NOTHING: ReadContent = { kind: 'nothing' };
/** Kinds that ChatGPT itself never shows. */
const NEVER_SHOWN = [
  'user_editable_context',
  'model_editable_context',
  'reasoning_recap',
  'system_error',
  'super_widget',
];

/** Reads `message.content` of a node, tolerating whatever is missing. */
export function contentOf(message: JsonObject, remarks: Remarks): ReadContent {
  const content = objectOf(message.content);
  if (content === undefined) return NOTHING;
  const role = textOf(objectOf(message.author)?.role) ?? '';
  const type = textOf(content.content_type) ?? 'text';
  const isHidden = objectOf(message.metadata)?.is_visually_hidden_from_conversation === true;
  if (isHidden || NEVER_SHOWN.includes(type)) return NOTHING;
  if (type === 'thoughts') return thoughts(content);
  const text = textOfType(type, content, remarks);
  if (text === undefined) {
    remarks.add('unknownTypes');
    return NOTHING;
  }
  if (text.trim() === '') return NOTHING;
  switch (role) {
    case 'user':
    case 'assistant':
      return { kind: 'text', text };
    case 'tool':
      return toolText(type, text, remarks);
    case 'system':
      return { kind: 'system', text };
    default:
      remarks.add('unknownRoles');
      return NOTHING;
  }
}

/** @returns undefined for a kind that is unknown and holds nothing that looks like text. */
function textOfType(type: string, content: JsonObject, remarks: Remarks): string | undefined {
  switch (type) {
    case 'code':
      return code(content);
    case 'execution_output':
      return textOf(content.text) === undefined ? '' : fenced(String(content.text));
    case 'tether_quote':
      return quote(content);
    case 'tether_browsing_display':
      return textOf(content.result) ?? '';
    default:
      if (Array.isArray(content.parts)) return parts(content.parts, remarks);
      return textOf(content.text) ?? (type === 'text' ? '' : undefined);
  }
}

function parts(values: readonly unknown[], remarks: Remarks): string {
  return values
    .map((part) => (typeof part === 'string' ? part : partText(objectOf(part), remarks)))
    .filter((text) => text !== '')
    .join('\n\n');
}

/** A pointer to an image or another file, or a text with something around it. */
function partText(part: JsonObject | undefined, remarks: Remarks): string {
  if (part === undefined) return '';
  const type = textOf(part.content_type) ?? '';
  const text = textOf(part.text);
  if (text !== undefined) return text;
  if (type.includes('image')) {
    remarks.add('images');
    return '[image]';
  }
  if (type === '' && part.asset_pointer === undefined) return '';
  remarks.add('files');
  return type.includes('audio') ? '[audio]' : type.includes('video') ? '[video]' : '[file]';
}

function code(content: JsonObject): string {
  const text = textOf(content.text);
  if (text === undefined) return '';
  const language = textOf(content.language);
  return fenced(text, language === 'unknown' ? '' : language);
}

function quote(content: JsonObject): string {
  const text = textOf(content.text) ?? '';
  const title = named(content.title ?? content.url, '');
  const quoted = text.replace(/^/gm, '> ');
  return [title, text === '' ? '' : quoted].filter((part) => part !== '').join('\n\n');
}

function thoughts(content: JsonObject): ReadContent {
  const text = listOf(content.thoughts)
    .map((thought) => {
      const { summary, content: said } = objectOf(thought) ?? {};
      return [textOf(summary), textOf(said)].filter((part) => part !== undefined).join('\n');
    })
    .filter((part) => part !== '')
    .join('\n\n');
  return text === '' ? NOTHING : { kind: 'thoughts', text };
}

/** What a tool answered, as it was where it is code or its output, quoted where it is a text. */
function toolText(type: string, text: string, remarks: Remarks): ReadContent {
  remarks.add('tools');
  const isFormatted = type === 'execution_output' || type === 'code' || type === 'tether_quote';
  return { kind: 'text', text: isFormatted || /^\[\w+\]$/.test(text) ? text : fenced(text) };
}
