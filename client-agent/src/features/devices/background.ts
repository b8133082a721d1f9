import type { BackgroundWish } from '@openvtm/rtc/background';
import { computed, ref, watch } from 'vue';
import { useLive } from '../../live/index.ts';
import { sessionState } from '../../session/current.ts';

/** What an agent may stand before. */
export const BACKGROUNDS = ['none', 'blur', 'picture'] as const;
export type BackgroundName = (typeof BACKGROUNDS)[number];

const SHIPPED_PICTURE = `${import.meta.env.BASE_URL}background.svg`;
const keyOf = (staffId: string) => `openvtm.background.${staffId}`;

const staffId = computed(() => (sessionState.value.at === 'in' ? sessionState.value.staff.staffId : null));
const read = (): BackgroundName => {
  const kept = staffId.value === null ? null : localStorage.getItem(keyOf(staffId.value));
  return BACKGROUNDS.find((one) => one === kept) ?? 'none';
};

/** This agent's choice on this device. */
export const chosenBackground = ref<BackgroundName>(read());
watch(staffId, () => (chosenBackground.value = read()), { flush: 'sync' });

export function chooseBackground(name: BackgroundName): void {
  chosenBackground.value = name;
  if (staffId.value !== null) localStorage.setItem(keyOf(staffId.value), name);
}

/** What is drawn: the choice, unless the bank switched backgrounds off; before that is known the choice counts. */
export function useBackgroundWish() {
  const live = useLive();
  return computed((): BackgroundWish => {
    const name = live.background?.allowed === false ? 'none' : chosenBackground.value;
    if (name !== 'picture') return { is: name };
    return { is: 'picture', url: live.background?.picture ?? SHIPPED_PICTURE };
  });
}
