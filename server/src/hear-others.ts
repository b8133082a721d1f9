import type { createLines } from './edge/lines.ts';
import type { createRefresh } from './edge/refresh.ts';
import type { Relay } from './edge/relay.ts';
import { hearDrawing } from './flows/annotate-page.ts';
import { hearExplaining, type followExplaining } from './flows/explain-sheet.ts';
import { hearCaptions } from './flows/help-hearing.ts';
import type { Parts } from './flows/parts.ts';
import { hearSharing } from './flows/share-form.ts';
import type { Bus } from './kernel/bus.ts';
import type { Log } from './kernel/log.ts';

type Needs = {
  bus: Bus;
  lines: ReturnType<typeof createLines>;
  log: Log;
  refresh: ReturnType<typeof createRefresh>;
  relay: Relay;
  sheets: ReturnType<typeof followExplaining>;
};

/** What the other processes say is as good as what happens here. */
export function hearOthers(parts: Parts, { bus, lines, log, refresh, relay, sheets }: Needs): void {
  /** A line is the subject's newest when the database says so: what others say of theirs may come late, or not at all. */
  const settleLines = async (subjects: string[]): Promise<void> => {
    try {
      for (const [subject, { instance }] of await parts.nodes.holders(subjects))
        if (instance !== parts.nodes.me.instance) lines.of(subject)?.close('replaced');
    } catch (error) {
      log.error({ err: error }, 'lines could not be compared with those of the other processes');
    }
  };
  relay.on((message) => {
    if (message.is === 'facts') bus.hear(message.facts);
    else if (message.is === 'line') void settleLines([message.subject]);
    else if (message.is === 'sharing') hearSharing(parts, message.said);
    else if (message.is === 'drawing') hearDrawing(parts, message.said);
    else if (message.is === 'hearing') hearCaptions(parts, message.said);
    else if (message.is === 'explaining') hearExplaining(parts, relay, message.said);
    else {
      refresh.everything();
      void settleLines(lines.all().map(({ caller }) => caller.subject));
      void sheets.missed().catch((error: unknown) => log.error({ err: error }, 'sheets could not be looked at anew'));
    }
  });
}
