/** What axe holds against a page: serious and critical faults, each with the elements that have them. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

export async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${new URL(page.url()).pathname}: ${id} (${help}): ${nodes
          .slice(0, 4)
          .map((node) => node.html.slice(0, 200))
          .join(' | ')}`,
    )
}
