/** What the built-in guide answers first. */
export const GUIDE_TEXT = `**This is the built-in guide, not an AI.** I understand no question and answer each
with this page: how to connect a model to this server, and what this chat can show.

## Connect a model

Whoever runs the server sets one of these environment variables and starts it again:

| to use | set |
| --- | --- |
| OpenAI | \`OPENAI_API_KEY\` |
| Anthropic | \`ANTHROPIC_API_KEY\` |
| Ollama, llama.cpp, vLLM, LM Studio | \`ASSISTANTS_FILE\` |

The first configured model then answers by itself; \`DEFAULT_MODEL\` names another one, and every
session can choose its own. For a local Ollama, \`ASSISTANTS_FILE\` is the path of a file like this:

\`\`\`json
[
  {
    "id": "ollama",
    "name": "Ollama on this machine",
    "base_url": "http://127.0.0.1:11434/v1",
    "models": [{ "id": "llama3.2", "name": "Llama 3.2", "context_window": 131072 }]
  }
]
\`\`\`

An endpoint that wants a key also has \`"api_key_env": "NAME_OF_A_VARIABLE"\`. Keys stay on the server.

## What this page can show

Lists of tasks:

- [x] The server runs
- [x] You are signed in
- [ ] A model is connected

Code, with its language and a button to copy it:

\`\`\`python
def greet(name: str) -> str:
    """Say hello to somebody."""
    return f"Hello, {name}!"
\`\`\`

Formulas, in a line such as $e^{i\\pi} + 1 = 0$ and on their own:

$$
\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}
$$

And diagrams:

\`\`\`mermaid
flowchart LR
  you([You]) -->|a message| server[This server]
  server -->|the conversation| model[Your model]
  model -->|word by word| server
  server -->|the reply| you
\`\`\`

While a reply is written you can close the tab, reload or stop it; what was written is kept.
`;

/** What it answers after that: nobody reads the same page twice. */
export const GUIDE_AGAIN_TEXT = `I am still the **built-in guide, not an AI**, and cannot answer that. To get real answers, connect a
model: set \`OPENAI_API_KEY\`, \`ANTHROPIC_API_KEY\` or \`ASSISTANTS_FILE\` and start the server again. My
first answer in this conversation says how.
`;
