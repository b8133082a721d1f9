import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode, QueueFigures } from '@openvtm/protocol';
import type { MeasureFiles, StoreState } from '../kernel/files/index.ts';

export type MetricSources = {
  lines(): { kiosk: number; staff: number };
  board(): Promise<{ waiting: number; ready: number; inCall: number; longestWaitSince: number | null }>;
  /** Since midnight; shares of a hundred. */
  figures(): Promise<{ all: QueueFigures; queues: Map<string, QueueFigures>; occupancy: number | null }>;
  media(): Promise<{ workers: number; transports: number; producers: number; consumers: number }>;
  quality(): Promise<{ worse: number; scores: { role: string; score: number }[] }>;
  files(): Promise<StoreState>;
  database(): Promise<boolean>;
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
  const fileUses = new Histogram({
    name: 'openvtm_files_seconds',
    help: 'Time that the store of files took, by what was asked of it and what came of it',
    labelNames: ['what', 'result'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 6],
    registers: [registry],
  });
  const measureFiles: MeasureFiles = (what, result, seconds) => fileUses.observe({ what, result }, seconds);
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
  const up = gauge('openvtm_up', 'Whether what this process leans on answers: 1, or 0', ['what']);
  const full = gauge('openvtm_files_full', 'Whether the store of files has no room left: 1, or 0');
  const ofDay = createDayGauges(gauge);
  const worseLinks = gauge('openvtm_links_worse', 'Branches whose link is worse than usual');
  const scores = gauge('openvtm_call_quality_score', 'Mean score of running calls in the last minute, 1 to 5', [
    'side',
  ]);
  const media = gauge('openvtm_media_objects', 'Live media objects, counted by the workers themselves', ['kind']);
  return {
    measure: (name: string, code: ErrorCode | 'ok', seconds: number) =>
      requests.observe({ request: name, code }, seconds),
    measureFiles,
    async page(): Promise<{ type: string; text: string }> {
      const [files, database] = await Promise.all([sources.files(), sources.database()]);
      up.set({ what: 'files' }, files === 'away' ? 0 : 1);
      up.set({ what: 'database' }, database ? 1 : 0);
      full.set(files === 'full' ? 1 : 0);
      // Without the database there is nothing to say of the queue, but whoever watches must be told that it is away.
      if (!database) return { type: registry.contentType, text: await registry.metrics() };
      const [board, figures, counted, quality] = await Promise.all([
        sources.board(),
        sources.figures(),
        sources.media(),
        sources.quality(),
      ]);
      for (const [kind, count] of Object.entries(sources.lines())) lines.set({ kind }, count);
      waiting.set(board.waiting);
      longest.set(board.longestWaitSince === null ? 0 : Math.max(0, sources.clock() - board.longestWaitSince) / 1000);
      agents.set({ state: 'ready' }, board.ready);
      agents.set({ state: 'in-call' }, board.inCall);
      occupancy.set((figures.occupancy ?? 0) / 100);
      ofDay.set('all', figures.all);
      for (const [id, one] of figures.queues) ofDay.set(id, one);
      worseLinks.set(quality.worse);
      scores.reset();
      for (const { role, score } of quality.scores) scores.set({ side: role }, score);
      for (const [kind, count] of Object.entries(counted)) media.set({ kind }, count);
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
