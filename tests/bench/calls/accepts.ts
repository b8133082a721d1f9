import { DEMO_PASSWORD } from '../../../server/src/flows/seed-demo.ts';
import { startNodes } from '../../e2e/lab/nodes.ts';
import type { Figure } from '../first-frame/figures.ts';
import { raceForOffers } from '../recovery/races.ts';

/** One offer accepted at the same moment at two nodes, again and again. */
export async function accepts({ races }: { races: number }): Promise<Figure[]> {
  const two = await startNodes({ drainSeconds: 2 });
  try {
    const raced = await raceForOffers(two.a.url, {
      count: races,
      code: 'DEMO-KIOSK-1',
      password: DEMO_PASSWORD,
      otherUrl: two.b.url,
    });
    const twice = raced.races - raced.oneWinner;
    return [
      {
        name: `offers accepted twice, or by nobody, over two nodes (beside: races, each of three)`,
        value: twice,
        unit: '',
        beside: raced.races,
        ratio: twice / raced.races,
        goal: `0 of ${races}`,
        holds: twice === 0 && raced.losersTold === raced.races && raced.races === races,
      },
    ];
  } finally {
    await two.close();
  }
}
