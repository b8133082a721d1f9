import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode, QueueFigures } from '@openvtm/protocol';

export type MetricSources = {
  lines(): { kiosk: number; staff: number };
  board(): Promise<{ waiting: number; ready: number; inCall: number; longestWaitSince: number | null }>;
  /** Since midnight; shares of a hundred. */
  figures(): Promise<{ all: QueueFigures; queues: Map<string, QueueFigures>; occupancy: number | null }>;
  media(): Promise<{ workers: number; transports: number; producers: number; consumers: number }>;
  clock(): number;
};

type MakeGauge = (name: string, help: string, labelNames: string[]) => Gauge;

/** What became of today's customers, by queue. A share of nothing is left out, for it is neither good nor bad. */
function createDayGauges(gauge: MakeGauge) {
  const make = (name: string, help: string) => gauge(`openvtm_queue_today_${name}`, help, ['queue']);
  const counts = {
    came: make('came', 'Tickets since midnight'),
    answered: make('answered', 'Tickets answered since midnight'),
    abandoned: make('abandoned', 'Tickets given up since midnight'),
    callBacks: make('call_backs', 'Customers who wait to be called'),
    reOffers: make('re_offers', 'Offers beyond the first of each ticket since midnight'),
    meanWait: make('wait_seconds_mean', 'Mean wait of those answered since midnight'),
    p90Wait: make('wait_seconds_p90', 'Nine of ten answered since midnight waited no longer'),
    told: make('waits_told', 'Answered tickets whose customers were told a wait since midnight'),
    held: make('waits_held', 'Of these, those whose wait was within what was told'),
  };
  const shares = {
    sl: make('service_level_ratio', 'Answered in time, of those answered since midnight'),
    sl2: make('service_level_2_ratio', 'Answered or given up in time, of all that are over since midnight'),
    abandonedShare: make('abandoned_ratio', 'Given up, of all that are over since midnight'),
  };
  return {
    set(queue: string, figures: QueueFigures) {
      for (const [name, one] of Object.entries(counts)) one.set({ queue }, figures[name as keyof typeof counts]);
      for (const [name, one] of Object.entries(shares)) {
        const share = figures[name as keyof typeof shares];
        if (share === null) one.remove({ queue });
        else one.set({ queue }, share / 100);
      }
    },
  };
}

/** Prometheus figures, read when they are asked for. */
export function createMetrics(sources: MetricSources) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'openvtm_request_seconds',
    help: 'Time from a request to its answer, by request and code',
    labelNames: ['request', 'code'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10],
    registers: [registry],
  });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const lines = gauge('openvtm_lines', 'Open lines by kind', ['kind']);
  const waiting = gauge('openvtm_queue_waiting', 'Tickets that wait or ring');
  const longest = gauge('openvtm_queue_longest_wait_seconds', 'How long the first ticket has waited');
  const agents = gauge('openvtm_agents', 'Agents by state', ['state']);
  const occupancy = gauge(
    'openvtm_agents_occupancy_ratio',
    'Share of the time on duty today with customers or their business',
  );
  const ofDay = createDayGauges(gauge);
  const media = gauge('openvtm_media_objects', 'Live media objects, counted by the workers themselves', ['kind']);
  return {
    measure: (name: string, code: ErrorCode | 'ok', seconds: number) =>
      requests.observe({ request: name, code }, seconds),
    async page(): Promise<{ type: string; text: string }> {
      const [board, figures, counted] = await Promise.all([sources.board(), sources.figures(), sources.media()]);
      for (const [kind, count] of Object.entries(sources.lines())) lines.set({ kind }, count);
      waiting.set(board.waiting);
      longest.set(board.longestWaitSince === null ? 0 : Math.max(0, sources.clock() - board.longestWaitSince) / 1000);
      agents.set({ state: 'ready' }, board.ready);
      agents.set({ state: 'in-call' }, board.inCall);
      occupancy.set((figures.occupancy ?? 0) / 100);
      ofDay.set('all', figures.all);
      for (const [id, one] of figures.queues) ofDay.set(id, one);
      for (const [kind, count] of Object.entries(counted)) media.set({ kind }, count);
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
