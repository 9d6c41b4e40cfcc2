import type { LooseMessage } from './message-forest.js';
import type { Remarks } from './remarks.js';
import { inParts, wellFormed } from './texts.js';

/**
 * A message as one or, where its text is too long for one, as several that follow each other. Only
 * the last of them has the id that others follow.
 */
export function inMessages(message: LooseMessage, remarks: Remarks): LooseMessage[] {
  const content = wellFormed(message.content, remarks);
  const reasoning =
    typeof message.reasoning === 'string' ? wellFormed(message.reasoning, remarks) : null;
  const parts = inParts(content, remarks);
  let parentId = message.parentId;
  return parts.map((part, i) => {
    const isLast = i === parts.length - 1;
    const id = isLast ? message.id : `${message.id}#${i + 1}`;
    const row = { ...message, id, parentId, content: part, reasoning: i === 0 ? reasoning : null };
    parentId = id;
    return row;
  });
}
