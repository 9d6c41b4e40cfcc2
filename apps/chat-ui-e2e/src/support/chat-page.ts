import { expect, type Locator, type Page } from '@playwright/test';

/** Within this many pixels of its end a scrolled box is at its end. */
export const END_TOLERANCE_PX = 2;

/** Where people find things on the chat page, by the role and the name they have there. */
export class ChatPage {
  readonly composer: Locator;
  readonly send: Locator;
  /** What Send is while a reply is being written. */
  readonly stop: Locator;
  readonly newChat: Locator;
  /** The scrolling box of the conversation. */
  readonly log: Locator;
  /** The stored messages; one on its way is not among them. */
  readonly messages: Locator;
  /** Those of them that the person wrote. */
  readonly ownMessages: Locator;
  /** The stored messages of the assistant, one that is being written among them. */
  readonly replies: Locator;
  readonly chats: Locator;
  readonly jumpToLatest: Locator;
  /** What assistive technology is told. */
  readonly liveRegion: Locator;
  readonly notifications: Locator;

  constructor(readonly page: Page) {
    this.composer = page.getByRole('textbox', { name: 'Message', exact: true });
    this.send = page.getByRole('button', { name: 'Send', exact: true });
    this.stop = page.getByRole('button', { name: 'Stop', exact: true });
    this.newChat = page.getByRole('button', { name: 'New Chat', exact: true });
    this.log = page.getByRole('log', { name: 'Messages' });
    this.messages = this.log.locator('[data-message-id]');
    this.replies = this.messages.filter({
      has: page.getByRole('heading', { name: 'Assistant', exact: true, level: 3 }),
    });
    const own = page.getByRole('heading', { name: 'You', exact: true });
    this.ownMessages = this.messages.filter({ has: own });
    this.chats = page.getByRole('navigation', { name: 'Chats' });
    this.jumpToLatest = page.getByRole('button', { name: 'Jump to latest' });
    this.liveRegion = page.getByRole('status').first();
    this.notifications = page.getByRole('region', { name: 'Notifications' });
  }

  /** The bubbles with this text, on their way or stored. */
  bubble(text: string): Locator {
    return this.log.locator('.bubble', { hasText: text });
  }

  /** The whole stored messages with this text in what was written: their time of day does not count. */
  message(text: string): Locator {
    return this.messages.filter({ has: this.page.locator('.bubble', { hasText: text }) });
  }

  /** The link of a chat in the list. */
  chat(title: string): Locator {
    // The time of the last use follows the title, where there is room for it.
    const literal = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const whole = new RegExp(`^${literal}( ?, last used|$)`);
    return this.chats.getByRole('link', { name: whole });
  }

  /** The rows of the list, in its order. */
  get rows(): Locator {
    return this.chats.getByRole('listitem');
  }

  /** The way that no row hides: the menu behind a chat's options. */
  async openChatMenu(title: string): Promise<void> {
    await this.chat(title).hover();
    await this.chats.getByRole('button', { name: `Options for ${title}`, exact: true }).click();
  }

  /** Opens the title of a chat in its row, ready for what is typed. */
  async startRenaming(title: string): Promise<void> {
    await this.openChatMenu(title);
    await this.page.getByRole('menuitem', { name: 'Rename' }).click();
    await expect(this.chats.getByRole('textbox', { name: 'Chat title' })).toBeFocused();
  }

  /** Writes and sends. While a reply is being written Enter sends nothing, so its end is awaited. */
  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await expect(this.send).toBeVisible();
    await this.composer.press('Enter');
  }

  /** Waits for the end of the reply that was asked for: the next message can be sent then. */
  async replyEnds(): Promise<void> {
    await this.replies.last().waitFor();
    const running = this.log.locator('[data-status="streaming"]');
    await expect(running).toHaveCount(0);
  }

  /** Pixels between what is seen and the end of the conversation. */
  distanceToEnd(): Promise<number> {
    return this.log.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  }
}
