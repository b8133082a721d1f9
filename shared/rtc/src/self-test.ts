import type { SelfTestCheck, SelfTestResult } from '@openvtm/protocol';
import { tryCamera, tryMicrophone, trySpeaker } from './self-test-devices.ts';
import { tryReach, tryServer } from './self-test-network.ts';
import { failed, type Found } from './self-test-found.ts';
import type { Devices } from './devices.ts';
import type { Line } from './line.ts';

export type SelfTestNeeds = {
  line: Line;
  devices: Devices;
  token: () => Promise<string>;
  /** Told of each result as it is there, and of what is tried next; null: nothing any more. */
  onStep: (done: SelfTestResult[], next: SelfTestCheck | null) => void;
  signal: AbortSignal;
};

/**
 * Tries the named checks one after the other, each with the real device or the real way to the server. Never rejects: what
 * goes wrong is the result. Ends early, with what there is, when `signal` says so. Media must not be in use meanwhile: each
 * way to the server joins anew.
 */
export async function runSelfTest(checks: readonly SelfTestCheck[], needs: SelfTestNeeds): Promise<SelfTestResult[]> {
  const { line, devices, token, onStep, signal } = needs;
  const server = tryServer.bind(null, token);
  let measured: ReturnType<typeof server> | null = null;
  const ask = () => (measured ??= server());
  const ways: Record<SelfTestCheck, () => Promise<Found>> = {
    camera: () => tryCamera(devices, 'face'),
    'document-camera': () => tryCamera(devices, 'document'),
    microphone: () => tryMicrophone(devices),
    speaker: () => trySpeaker(devices.chosenSpeaker()),
    udp: () => tryReach(line, 'udp'),
    tcp: () => tryReach(line, 'tcp'),
    turn: () => tryReach(line, 'turn'),
    bandwidth: async () => (await ask()).bandwidth,
    clock: async () => (await ask()).clock,
  };
  const done: SelfTestResult[] = [];
  for (const check of checks) {
    if (signal.aborted) break;
    onStep([...done], check);
    const found = await ways[check]().catch(() => failed('unknown'));
    done.push({ check, ...found });
  }
  onStep([...done], null);
  return done;
}
