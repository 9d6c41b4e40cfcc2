/** Something of a conversation that is not in the session as it was in the file. */
export const REMARKS = {
  titleCut: () => 'Its title was cut to 200 characters.',
  titleMade: () => 'It had no title, so it got one from its first message.',
  split: (n: number) =>
    `${messages(n)} longer than 100,000 characters ${n === 1 ? 'was' : 'were'} divided into several.`,
  textCut: (n: number) =>
    `${messages(n)} longer than a million characters ${n === 1 ? 'was' : 'were'} cut.`,
  orphans: (n: number) =>
    `${messages(n)} whose predecessor is missing ${n === 1 ? 'was' : 'were'} put where the time fits.`,
  cycles: (n: number) =>
    `${messages(n)} that followed ${n === 1 ? 'itself' : 'each other in a circle'} ${n === 1 ? 'was' : 'were'} put at the beginning.`,
  duplicates: (n: number) =>
    `${messages(n)} with an id that was there before ${n === 1 ? 'was' : 'were'} left out.`,
  unreadable: (n: number) =>
    `${messages(n)} without anything that can be read ${n === 1 ? 'was' : 'were'} left out.`,
  unknownRoles: (n: number) =>
    `${messages(n)} by neither a person nor a model ${n === 1 ? 'was' : 'were'} left out.`,
  unknownTypes: (n: number) =>
    `${messages(n)} of an unknown kind ${n === 1 ? 'was' : 'were'} left out.`,
  future: (n: number) =>
    `${n === 1 ? 'A time' : `${count(n)} times`} in the future became the time of this import.`,
  badTimes: (n: number) =>
    `${n === 1 ? 'A time' : `${count(n)} times`} that could not be read ${n === 1 ? 'was' : 'were'} taken from what stands around it.`,
  images: (n: number) => `${n === 1 ? 'An image' : `${count(n)} images`} became a line of text.`,
  files: (n: number) => `${n === 1 ? 'A file' : `${count(n)} files`} became a line of text.`,
  tools: (n: number) =>
    `${n === 1 ? 'One use of a tool' : `${count(n)} uses of tools`} became a line of text.`,
  thoughts: (n: number) =>
    `What the model thought ${n === 1 ? 'once' : `${count(n)} times`} without answering was left out.`,
  characters: () => 'Characters that are none (halves of surrogate pairs) were replaced.',
  systemPromptCut: () => 'Its system prompt was cut to 20,000 characters.',
  systemMessages: (n: number) =>
    `${n === 1 ? 'An instruction' : `${count(n)} instructions`} to the model in the middle of it ${n === 1 ? 'was' : 'were'} left out.`,
  reactions: (n: number) =>
    `${n === 1 ? 'A reaction' : `${count(n)} reactions`} that cannot be kept ${n === 1 ? 'was' : 'were'} left out.`,
  tags: () => 'Tags that cannot be kept were left out.',
  revisions: (n: number) =>
    `${n === 1 ? 'An earlier text' : `${count(n)} earlier texts`} that cannot be read ${n === 1 ? 'was' : 'were'} left out.`,
  folder: () => 'The folder it was in is not in the file, so it is in none.',
} as const satisfies Record<string, (n: number) => string>;

export type Remark = keyof typeof REMARKS;

/** What is to be said of one conversation, each thing once with its number. */
export class Remarks {
  private readonly counts = new Map<Remark, number>();

  add(remark: Remark, n = 1): void {
    if (n > 0) this.counts.set(remark, (this.counts.get(remark) ?? 0) + n);
  }

  /** Sentences for a person; undefined where there is nothing to say. */
  toReason(): string | undefined {
    if (this.counts.size === 0) return undefined;
    return [...this.counts].map(([remark, n]) => REMARKS[remark](n)).join(' ');
  }
}

/** A conversation that cannot become a session; the message is a sentence that says why. */
export class ConversationRefused extends Error {
  constructor(
    readonly result: 'skipped' | 'failed',
    reason: string,
  ) {
    super(reason);
    this.name = 'ConversationRefused';
  }
}

function messages(n: number): string {
  return n === 1 ? 'One message' : `${count(n)} messages`;
}

function count(n: number): string {
  return n.toLocaleString('en');
}
