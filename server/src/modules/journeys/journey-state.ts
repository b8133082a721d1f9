/** How a journey ended, in the words of the case's end; `finished`: the business was done, rated or not. */
export type Outcome = 'open' | 'finished' | 'cancelled' | 'idle' | 'replaced';

/** Where a customer's way stands: at a step of the service, or at one of the places beside them, which begin with `@`. */
export type Way = {
  node: string;
  since: number;
  /** The step that waits for the customer behind the queue and the call. */
  aloneNode: string;
  outcome: Outcome;
  device: string;
  language: string;
  print: string;
};
/** What happens to the visits of a way: a place is left, and how, or come to. */
export type Move =
  | {
      is: 'left';
      node: string;
      spentMs: number;
      back: boolean;
      state: 'passed' | Exclude<Outcome, 'open' | 'finished'>;
    }
  | { is: 'came'; node: string }
  | { is: 'handed-over'; node: string }
  | { is: 'help-offered'; node: string };

/** A line of the journal, as far as a journey takes notice. */
export type JourneyFact = {
  kind: string;
  at: number;
  data: Record<string, string | number | boolean | null>;
  kioskId: string;
};

export const KINDS = [
  'case.started',
  'case.presented',
  'case.consented',
  'case.passed',
  'case.went-back',
  'case.moved',
  'case.handed-over',
  'case.closed',
  'help.noticed',
] as const;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The way of a case that begins. */
export const beginning = ({ at, data }: JourneyFact): Way => ({
  node: '@consent',
  since: at,
  aloneNode: '@consent',
  outcome: 'open',
  device: textOf(data['device']) || 'floor',
  language: textOf(data['language']),
  print: textOf(data['print']),
});

/** Where a case that moved is on the way; null: it stays where it is. */
function nodeAt(to: string, way: Way): string | null {
  switch (to) {
    case 'waiting':
    case 'rating':
      return `@${to}`;
    case 'serving':
    case 'confirming':
    case 'confirmed':
      return '@call';
    case 'alone':
      return way.node === '@consent' ? null : way.aloneNode;
    default:
      return null;
  }
}

/** One line of the journal further. Pure. */
export function nextWay(way: Way, fact: JourneyFact): { way: Way; moves: Move[] } {
  const { at, data } = fact;
  const spentMs = Math.max(0, at - way.since);
  const go = (node: string, back = false): { way: Way; moves: Move[] } => {
    if (node === way.node || node === '') return { way, moves: [] };
    const aloneNode = node.startsWith('@') ? way.aloneNode : node;
    return {
      way: { ...way, node, since: at, aloneNode },
      moves: [
        { is: 'left', node: way.node, spentMs, back, state: 'passed' },
        { is: 'came', node },
      ],
    };
  };
  switch (fact.kind) {
    case 'case.presented':
      return { way: { ...way, language: textOf(data['language']), print: textOf(data['print']) }, moves: [] };
    case 'case.consented':
    case 'case.passed':
      return go(textOf(data['next']));
    case 'case.went-back':
      return go(textOf(data['to']), true);
    case 'case.moved': {
      const node = nodeAt(textOf(data['to']), way);
      return node === null ? { way, moves: [] } : go(node, data['to'] === 'alone');
    }
    case 'case.handed-over':
      // Told for both devices; once is enough.
      if (fact.kioskId !== data['to']) return { way, moves: [] };
      return {
        way: { ...way, device: textOf(data['device']) || way.device },
        moves: [{ is: 'handed-over', node: way.node }],
      };
    case 'help.noticed':
      return { way, moves: [{ is: 'help-offered', node: way.node }] };
    case 'case.closed': {
      const reason = textOf(data['reason']);
      // Whoever was served and walks off without rating did not stop.
      // A refusal is the bank's answer, and not somebody who gave up.
      const finished = reason === 'finished' || reason === 'refused' || data['from'] === 'rating';
      const ended = reason === 'cancelled' || reason === 'replaced' ? reason : 'idle';
      return {
        way: { ...way, outcome: finished ? 'finished' : ended },
        moves: [{ is: 'left', node: way.node, spentMs, back: false, state: finished ? 'passed' : ended }],
      };
    }
    default:
      return { way, moves: [] };
  }
}
