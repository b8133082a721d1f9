import { type Line, openLine } from '@openvtm/rtc/line';
import { shallowRef } from 'vue';

/** This page's line; null before sign-in and after the line was given up. */
export const line = shallowRef<Line | null>(null);

let stopWiring = () => {};

/** Opens the line; an older one of this page is closed first. `wire` is what fills the store. */
export function connect(options: { token: () => Promise<string>; wire: (line: Line) => () => void }): void {
  disconnect();
  const opened = openLine({ token: options.token });
  stopWiring = options.wire(opened);
  line.value = opened;
}

export function disconnect(): void {
  stopWiring();
  stopWiring = () => {};
  line.value?.close();
  line.value = null;
}
