import { computed, ref, watch } from 'vue';
import { sessionState } from '../../session/current.ts';

const keyOf = (staffId: string) => `openvtm.noise.${staffId}`;
const staffId = computed(() => (sessionState.value.at === 'in' ? sessionState.value.staff.staffId : null));
const read = () => staffId.value !== null && localStorage.getItem(keyOf(staffId.value)) === 'out';

/** Whether this agent wants the noise taken out, on this device. */
export const cleanSoundChosen = ref(read());
watch(staffId, () => (cleanSoundChosen.value = read()), { flush: 'sync' });

export function chooseCleanSound(wished: boolean): void {
  cleanSoundChosen.value = wished;
  if (staffId.value === null) return;
  if (wished) localStorage.setItem(keyOf(staffId.value), 'out');
  else localStorage.removeItem(keyOf(staffId.value));
}
