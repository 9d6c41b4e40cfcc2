import type { Page } from '@playwright/test';
import { FINDING_STATES } from './finding-states.js';
import { ORDER_STATES } from './order-states.js';
import { inChat, openChatMenu, painted, showSidebar, type State } from './reaching.js';
import { TRANSFER_STATES } from './transfer-states.js';

/** Makes the window as high as the conversation is long. */
async function showWhole(page: Page): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const hidden = await page.getByRole('log').evaluate((log) => log.scrollHeight - log.clientHeight);
  await page.setViewportSize({ width, height: height + hidden });
  await painted(page);
}

/** Code is coloured, formulas and diagrams are drawn once their parts have been fetched. */
async function technicalAnswerDrawn(page: Page): Promise<void> {
  await page.locator('.katex').first().waitFor();
  await page.locator('.markdown-diagram svg').first().waitFor();
  await page.locator('.markdown-code-lines span').first().waitFor();
}

export const STATES: readonly State[] = [
  {
    name: 'login',
    signedIn: false,
    reach: async (page) => {
      await page.goto('/chat-ui/login');
      await page.getByLabel('Username').waitFor();
    },
  },
  {
    name: 'login-refused',
    signedIn: false,
    reach: async (page) => {
      await page.goto('/chat-ui/login');
      await page.getByLabel('Username').fill('alice');
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'register',
    signedIn: false,
    reach: async (page) => {
      await page.goto('/chat-ui/register');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'home',
    signedIn: true,
    reach: async (page) => {
      await page.goto('/chat-ui/');
      await page.getByRole('textbox', { name: 'Message' }).waitFor();
      await painted(page);
    },
  },
  { name: 'chat', signedIn: true, reach: inChat('garden') },
  {
    name: 'answer',
    signedIn: true,
    reach: inChat('technical', async (page) => {
      await technicalAnswerDrawn(page);
      await page.getByRole('log').evaluate((log) => {
        log.scrollTop = 0;
      });
    }),
  },
  {
    name: 'answer-whole',
    signedIn: true,
    reach: inChat('technical', async (page) => {
      await technicalAnswerDrawn(page);
      await showWhole(page);
    }),
  },
  { name: 'answer-end', signedIn: true, reach: inChat('technical', technicalAnswerDrawn) },
  { name: 'streaming', signedIn: true, reach: inChat('streaming') },
  { name: 'endings', signedIn: true, reach: inChat('endings') },
  { name: 'chat-empty', signedIn: true, reach: inChat('empty') },
  { name: 'chat-hard', signedIn: true, reach: inChat('hard') },
  {
    name: 'chat-hard-top',
    signedIn: true,
    reach: inChat('hard', (page) =>
      page.getByRole('log').evaluate((log) => {
        log.scrollTop = 0;
      }),
    ),
  },
  { name: 'sidebar', signedIn: true, reach: inChat('garden', showSidebar) },
  {
    name: 'rename',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await showSidebar(page);
      await page.getByRole('link', { name: /A garden on the north side/ }).focus();
      await page.keyboard.press('F2');
      await page.getByRole('textbox', { name: 'Chat title' }).waitFor();
    }),
  },
  { name: 'menu', signedIn: true, reach: inChat('garden', openChatMenu) },
  {
    name: 'delete',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await openChatMenu(page);
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('alertdialog').waitFor();
    }),
  },
  {
    name: 'message-deleted',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await page.getByRole('article').last().hover();
      await page.getByRole('button', { name: 'Delete message' }).last().click();
      const undo = page.getByRole('button', { name: 'Undo' });
      await undo.waitFor();
    }),
    leave: async (page) => {
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('I will start with a pot of mint').waitFor();
    },
  },
  {
    name: 'not-sent',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await page.route('**/messages', (route) =>
        route.request().method() === 'POST' ? route.abort() : route.continue(),
      );
      await page.getByRole('textbox', { name: 'Message' }).fill('This one does not get through.');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Retry' }).waitFor();
    }),
  },
  {
    name: 'offline',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await page.context().setOffline(true);
      await page.getByText('You are offline', { exact: false }).first().waitFor();
    }),
  },
  {
    name: 'not-found',
    signedIn: true,
    reach: async (page) => {
      await page.goto('/chat-ui/c/000000000000000000000000');
      await page.getByRole('heading', { name: 'Not found' }).waitFor();
    },
  },
  ...ORDER_STATES,
  ...FINDING_STATES,
  ...TRANSFER_STATES,
];
