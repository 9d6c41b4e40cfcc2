import { textOf, type EndReason, type Question, type Turn, type Wire } from './wire.js';

interface MessagesRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: unknown;
  readonly messages?: readonly { readonly role?: string; readonly content?: unknown }[];
}

const STOP_REASONS: Readonly<Record<EndReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  content_filter: 'refusal',
};

/** https://docs.anthropic.com/en/api/errors */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** What a request for a message asks. */
export function readMessagesRequest(body: MessagesRequest): Question {
  return {
    model: body.model ?? '',
    system: body.system === undefined ? undefined : textOf(body.system),
    turns: (body.messages ?? [])
      .map(({ role, content }) => ({ role, content: textOf(content) }))
      .filter((one): one is Turn => one.role === 'user' || one.role === 'assistant'),
    stream: body.stream === true,
  };
}

/**
 * Anthropic's messages.
 * https://docs.anthropic.com/en/api/messages-streaming
 */
export function anthropicWire(body: MessagesRequest, id: string): Wire {
  const head = { id, type: 'message', role: 'assistant', model: body.model };
  let index = -1;
  let open: 'text' | 'thinking' | undefined;
  const close = (): string => {
    if (open === undefined) return '';
    open = undefined;
    return frame('content_block_stop', { index });
  };
  const into = (kind: 'text' | 'thinking', delta: object): string => {
    let frames = '';
    if (open !== kind) {
      frames = close();
      index += 1;
      open = kind;
      const block =
        kind === 'text' ? { type: kind, text: '' } : { type: kind, thinking: '', signature: '' };
      frames += frame('content_block_start', { index, content_block: block });
    }
    return frames + frame('content_block_delta', { index, delta });
  };
  return {
    begin: () =>
      frame('message_start', {
        message: {
          ...head,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 0, output_tokens: 0 },
        },
      }) + frame('ping', {}),
    text: (text) => into('text', { type: 'text_delta', text }),
    reasoning: (thinking) => into('thinking', { type: 'thinking_delta', thinking }),
    end: (reason, { input, output }) =>
      close() +
      frame('message_delta', {
        delta: { stop_reason: STOP_REASONS[reason], stop_sequence: null },
        usage: { input_tokens: input, output_tokens: output },
      }) +
      frame('message_stop', {}),
    whole: ({ text, reasoning, reason, tokens }) => ({
      ...head,
      content: [
        ...(reasoning === ''
          ? []
          : [{ type: 'thinking', thinking: reasoning, signature: 'signed' }]),
        ...(text === '' ? [] : [{ type: 'text', text }]),
      ],
      stop_reason: STOP_REASONS[reason],
      stop_sequence: null,
      usage: { input_tokens: tokens.input, output_tokens: tokens.output },
    }),
    problem: (status, message) => ({
      type: 'error',
      error: { type: ERROR_TYPES[status] ?? 'api_error', message },
    }),
  };
}

function frame(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
