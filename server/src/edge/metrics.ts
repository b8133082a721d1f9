import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '@openvtm/protocol';

export type MetricSources = {
  lines(): { kiosk: number; staff: number };
  board(): Promise<{ waiting: number; ready: number; inCall: number; longestWaitSince: number | null }>;
  media(): Promise<{ workers: number; transports: number; producers: number; consumers: number }>;
  clock(): number;
};

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
  const media = gauge('openvtm_media_objects', 'Live media objects, counted by the workers themselves', ['kind']);
  return {
    measure: (name: string, code: ErrorCode | 'ok', seconds: number) =>
      requests.observe({ request: name, code }, seconds),
    async page(): Promise<{ type: string; text: string }> {
      const [board, counted] = await Promise.all([sources.board(), sources.media()]);
      for (const [kind, count] of Object.entries(sources.lines())) lines.set({ kind }, count);
      waiting.set(board.waiting);
      longest.set(board.longestWaitSince === null ? 0 : Math.max(0, sources.clock() - board.longestWaitSince) / 1000);
      agents.set({ state: 'ready' }, board.ready);
      agents.set({ state: 'in-call' }, board.inCall);
      for (const [kind, count] of Object.entries(counted)) media.set({ kind }, count);
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
