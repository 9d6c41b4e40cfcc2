import type { FolderColor, MessageRole } from '@chat/shared-types';

/** One message, as it is sent. */
export type Turn = readonly [role: MessageRole, content: string];

/** A conversation and where it is kept. */
export interface Conversation {
  readonly title: string;
  readonly turns: readonly Turn[];
  /** A folder of `FOLDERS`, by its name. */
  readonly folder?: string;
  readonly tags?: readonly string[];
  readonly pinned?: true;
  readonly unread?: true;
}

/** The folders, each after the one that it is in. */
export const FOLDERS: readonly {
  readonly name: string;
  readonly color: FolderColor | null;
  readonly inside?: string;
}[] = [
  { name: 'Travel', color: 'blue' },
  { name: 'Lisbon in May', color: null, inside: 'Travel' },
  { name: 'Home', color: 'green' },
  { name: 'Kitchen', color: 'orange', inside: 'Home' },
  { name: 'Language lessons', color: 'violet' },
];

export const GARDEN: Conversation = {
  title: 'A garden on the north side',
  folder: 'Home',
  tags: ['balcony', 'spring'],
  turns: [
    ['user', 'I have a small balcony that faces north. What could grow there?'],
    [
      'assistant',
      'More than people think. Where there is light but little sun, leaves do better than fruit:\n\n– Herbs: mint, chives, parsley, lemon balm\n– Greens: lettuce, rocket, chard, sorrel\n– For the eye: ferns, hostas, heuchera\n\nTomatoes and peppers would only sulk.',
    ],
    ['user', 'Mint takes over everything, I was told.'],
    [
      'assistant',
      'In a bed, yes. In a pot of its own it can only conquer the pot. Give it one that is wider than it is deep, keep it moist, and cut it hard twice a year: it comes back tidier each time.',
    ],
    ['user', 'And when would I start?'],
    [
      'assistant',
      'Lettuce and rocket from the middle of March, under a sheet of fleece while nights are cold. Herbs in pots from April. Plant the ferns whenever you like; they are not in a hurry.',
    ],
    ['user', 'Lovely. I will start with a pot of mint and two rows of rocket.'],
  ],
};

/** The conversation that searches lead to. */
export const LISBON: Conversation = {
  title: 'Weekend in Lisbon',
  folder: 'Lisbon in May',
  tags: ['travel', 'May'],
  pinned: true,
  turns: [
    ['user', 'Two days in Lisbon with my father. He walks slowly. What would you leave out?'],
    [
      'assistant',
      'The hills, mostly. Let the old tram climb to Graça early in the morning, before it fills, and walk down from there: every street ends in a view.\n\nKeep one afternoon free of plans. A bench by the river in Belém does more for a tired pair of knees than a museum.',
    ],
    ['user', 'Is the tram hard to get into?'],
    [
      'assistant',
      'The step is high, about as high as a kitchen chair. Get on at the first stop, where it stands still for a while and seats are empty. At every other stop you would stand.',
    ],
    ['user', 'And where do we eat, if it must not be loud?'],
    [
      'assistant',
      'Lunch rather than dinner. At half past one the lunch rooms near the Estrela garden are calm, and the dish of the day is what the cook would eat too.',
    ],
  ],
};

/** A reply's texts, from the first to the one that stands. */
export const LETTER_TEXTS = [
  'Dear Grandmother,\n\nthank you for the parcel. The gloves fit, and the cake was gone in one day. In May we travel to Lisbon; I will send you a card from there.\n\nYours, Ana',
  'Dear Grandmother,\n\nthank you for the lovely parcel. The gloves fit well, and the cake was gone in one day. In May Father and I travel to Lisbon; I will send you a card from there.\n\nYours, Ana',
  'Dearest Grandmother,\n\nthank you for the lovely parcel. The gloves fit perfectly, and the cake was gone by the evening. In May Father and I travel to Lisbon; I will send you a long letter from there.\n\nWith love, Ana',
] as const;

export const LETTER: Conversation = {
  title: 'Translating a letter to Grandmother',
  tags: ['family'],
  turns: [
    [
      'user',
      'Please put my note to Grandmother into English: thanks for the parcel, gloves fit, cake is eaten, Lisbon in May.',
    ],
    ['assistant', LETTER_TEXTS[0]],
  ],
};

/** What else an account gathers, the one used last first. */
export const OTHERS: readonly Conversation[] = [
  {
    title: 'Reading list for the winter, and what to borrow from the library first',
    tags: ['books', 'winter'],
    turns: [
      ['user', 'Three long novels for dark evenings, please. I liked books about the sea.'],
      [
        'assistant',
        'Begin with the one that your library has on the shelf: long novels are best when nobody is waiting for them. Then one set on a ship, one in a lighthouse, and one that only longs for the coast.',
      ],
    ],
  },
  {
    title: 'Bread that does not need kneading',
    folder: 'Kitchen',
    tags: ['recipes'],
    turns: [
      ['user', 'Bread without kneading: how long does the dough rest?'],
      [
        'assistant',
        'Overnight, twelve hours or more. Time does the work of the hands. Bake it in a closed pot, very hot, and take the lid off for the last quarter of an hour.',
      ],
    ],
  },
  {
    title: 'Interview notes',
    unread: true,
    turns: [
      ['user', 'Sum up my notes: calm, exact, asks back, has led a tram depot for six years.'],
      ['assistant', 'A calm and exact person who asks before deciding. Call back on Thursday.'],
    ],
  },
  {
    title: 'A name for the cat',
    tags: ['family'],
    turns: [
      ['user', 'Grey, shy, sleeps in the bread basket. A name?'],
      ['assistant', 'Rye. It is grey enough, and explains the basket.'],
    ],
  },
  {
    title: 'فكرة لرواية قصيرة',
    turns: [['user', 'حارس منارة يكتب رسائل إلى السفن التي لا تتوقف.']],
  },
  {
    title: 'Moving house: who needs the new address',
    folder: 'Home',
    unread: true,
    turns: [
      ['user', 'Who must know our new address before the first of the month?'],
      [
        'assistant',
        'Bank, insurance, employer, doctor, the post office for what you forget, and the friends who said they would come to Lisbon with you: they have the tickets.',
      ],
    ],
  },
  {
    title: 'Spanish, lesson twelve',
    folder: 'Language lessons',
    tags: ['lesson'],
    turns: [
      ['user', 'How do I say that the tram was late?'],
      [
        'assistant',
        'El tranvía llegó tarde. In Lisbon you would say it in Portuguese, and shrug: o elétrico atrasou-se.',
      ],
    ],
  },
];

/** What has been deleted: chats, and one message of a chat that is still there. */
export const DELETED_CHATS = ['Old shopping list', 'Test, please ignore'] as const;
export const DELETED_MESSAGE = 'Forget the wine: we are bringing our own.';

/** An export of another chat system: three chats, of which one is imported already, and one that cannot be read. */
export const IMPORTED_BEFORE = 'Repairing the red bicycle';
const ELSEWHERE = [
  [IMPORTED_BEFORE, 'The chain jumps off when I pedal hard. What is worn?'],
  ['A speech for my sister', 'Three minutes, warm, no jokes about the weather.'],
  ['What the rash on my tomatoes is', 'Brown spots on the lower leaves, since the rain.'],
] as const;

/** That export, as the file it comes in; `titles` names the chats that are in it. */
export function chatGptExport(titles: readonly string[] = ELSEWHERE.map(([title]) => title)): Blob {
  const began = Date.UTC(2025, 2, 14, 9) / 1000;
  const conversations: unknown[] = ELSEWHERE.filter(([title]) => titles.includes(title)).map(
    ([title, question]) => ({
      id: `elsewhere-${title}`,
      title,
      create_time: began,
      current_node: 'question',
      mapping: {
        root: { id: 'root', parent: null, children: ['question'], message: null },
        question: {
          id: 'question',
          parent: 'root',
          children: [],
          message: {
            author: { role: 'user' },
            create_time: began,
            content: { content_type: 'text', parts: [question] },
          },
        },
      },
    }),
  );
  if (titles.length > 1) conversations.push({ id: 'torn', title: 'A chat that was cut off' });
  return new Blob([JSON.stringify(conversations)], { type: 'application/json' });
}
