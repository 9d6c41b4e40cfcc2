import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/**
 * Lets axe look at the page. Waits for what moves to come to rest: a colour on its way is no colour of the page.
 *
 * @param except rules that the test looks at itself.
 */
export async function expectNoViolations(page: Page, except: string[] = []): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished),
    ),
  );
  const { violations, passes } = await new AxeBuilder({ page })
    .withTags(RULES)
    .disableRules(except)
    .analyze();
  expect(passes.length).toBeGreaterThan(5);
  const found = violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }));
  expect(found).toEqual([]);
}
