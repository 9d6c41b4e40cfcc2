import {
  textOf,
  type EndReason,
  type Question,
  type Tokens,
  type Turn,
  type Wire,
} from './wire.js';

interface ChatCompletionRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly messages?: readonly { readonly role?: string; readonly content?: unknown }[];
}

/** What a chat completion request asks. */
export function readChatCompletion(body: ChatCompletionRequest): Question {
  const messages = (body.messages ?? []).map(({ role, content }) => ({
    role,
    content: textOf(content),
  }));
  const systems = messages.filter(({ role }) => role === 'system' || role === 'developer');
  return {
    model: body.model ?? '',
    system: systems.length === 0 ? undefined : systems.map(({ content }) => content).join('\n'),
    turns: messages.filter((one): one is Turn => one.role === 'user' || one.role === 'assistant'),
    stream: body.stream === true,
  };
}

/**
 * OpenAI's chat completions, as every compatible server speaks them too.
 * https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function openAiWire(body: ChatCompletionRequest, id: string): Wire {
  const head = { id, created: Math.floor(Date.now() / 1000), model: body.model };
  const chunk = (delta: object, finish: EndReason | null = null): string =>
    frame({
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  return {
    begin: () => chunk({ role: 'assistant', content: '' }),
    text: (content) => chunk({ content }),
    reasoning: (piece) => chunk({ reasoning_content: piece }),
    end: (reason, tokens) => {
      const wanted = body.stream_options?.include_usage === true;
      const last = wanted
        ? frame({
            ...head,
            object: 'chat.completion.chunk',
            choices: [],
            usage: usage(tokens),
          })
        : '';
      return `${chunk({}, reason)}${last}data: [DONE]\n\n`;
    },
    whole: ({ text, reasoning, reason, tokens }) => ({
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: text,
            ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
          },
          finish_reason: reason,
        },
      ],
      usage: usage(tokens),
    }),
    problem: (status, message) => ({
      error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', code: null },
    }),
  };
}

function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function usage({ input, output }: Tokens): object {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
