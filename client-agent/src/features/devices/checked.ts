import { ref } from 'vue';

const KEY = 'openvtm.device-check';

const read = (): 'no' | 'yes' | 'without-camera' => {
  const kept = sessionStorage.getItem(KEY);
  return kept === 'yes' || kept === 'without-camera' ? kept : 'no';
};

/** Whether the devices were checked in this tab; a reload does not ask again, a new tab does. */
export const deviceCheck = ref(read());

export function rememberCheck(result: 'yes' | 'without-camera'): void {
  sessionStorage.setItem(KEY, result);
  deviceCheck.value = result;
}

export function forgetCheck(): void {
  sessionStorage.removeItem(KEY);
  deviceCheck.value = 'no';
}

/** Set while the check is on the screen: it holds the devices open itself. */
export const isChecking = ref(false);

/** Set while the agent looks at the check again out of the menu. */
export const checkOpen = ref(false);
