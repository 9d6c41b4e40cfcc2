import type { Page } from '@playwright/test';
import type { Scene } from './scene.js';

/** A state of the page that a picture is taken of. */
export interface State {
  readonly name: string;
  /** Whether someone is signed in. */
  readonly signedIn: boolean;
  /** Brings the page there; it starts on a blank one. */
  readonly reach: (page: Page, scene: Scene) => Promise<void>;
  /** Takes back what reaching it has changed. */
  readonly leave?: (page: Page) => Promise<void>;
}

/** Opens a chat of the scene, then does what follows. */
export const inChat =
  (
    session: keyof Scene,
    then: (page: Page, scene: Scene) => Promise<unknown> = () => Promise.resolve(),
  ): State['reach'] =>
  async (page, scene) => {
    await page.goto(`/chat-ui/c/${scene[session]._id}`);
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    const suggestion = page.getByRole('button', { name: 'Plan my week' });
    await page.getByRole('article').first().or(suggestion).first().waitFor();
    await painted(page);
    await then(page, scene);
  };

/** With its font, and two frames later: rows are laid out in the frame after they are there. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let i = 0; i < 2; i += 1) {
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
      });
    }
  });
}

/** Opens the sidebar where it is a drawer. */
export async function showSidebar(page: Page): Promise<void> {
  const opener = page.getByRole('button', { name: 'Show chats' });
  if (await opener.isVisible()) await opener.click();
  await page.getByRole('navigation', { name: 'Chats' }).waitFor();
}

export async function openChatMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Chat options' }).click();
  await page.getByRole('menu').waitFor();
}

/** Opens a dialog of the account's menu. */
export async function openFromAccountMenu(page: Page, item: string): Promise<void> {
  await showSidebar(page);
  await page.getByRole('button', { name: /Account and theme/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('dialog').last().waitFor();
}
