/** One thing the keyboard can do. */
export interface Shortcut {
  /** The keys, each as it is written on it; several ways one after the other. */
  keys: readonly (readonly string[])[];
  meaning: string;
}

/** Shortcuts that work in one place. */
export interface ShortcutGroup {
  place: string;
  shortcuts: readonly Shortcut[];
}

/** @param command the key that commands are given with: `Ctrl`, or `⌘` on a Mac. */
export function shortcutGroups(command: string): readonly ShortcutGroup[] {
  return [
    {
      place: 'Anywhere',
      shortcuts: [
        { keys: [[command, 'K']], meaning: 'Search' },
        { keys: [[command, 'Shift', 'O']], meaning: 'New chat' },
        { keys: [['F8']], meaning: 'Go to the newest note, to undo' },
        { keys: [['?']], meaning: 'This help' },
        { keys: [['Esc']], meaning: 'Close, or stop the reply' },
      ],
    },
    {
      place: 'Writing',
      shortcuts: [
        { keys: [['Enter']], meaning: 'Send' },
        { keys: [['Shift', 'Enter']], meaning: 'New line' },
        { keys: [['↑']], meaning: 'Edit your last message, in an empty field' },
      ],
    },
    {
      place: 'List of chats',
      shortcuts: [
        { keys: [['↑'], ['↓']], meaning: 'Previous and next chat' },
        { keys: [['F2']], meaning: 'Rename' },
        { keys: [['Del']], meaning: 'Delete' },
      ],
    },
    {
      place: 'Search',
      shortcuts: [
        { keys: [['↑'], ['↓']], meaning: 'Previous and next result' },
        { keys: [['Enter']], meaning: 'Open' },
      ],
    },
  ];
}
