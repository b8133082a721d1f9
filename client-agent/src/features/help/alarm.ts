import { computed, onScopeDispose, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useLive } from '../../live/index.ts';
import { alertOutside, chime, flashTitle } from '../sound/index.ts';

/** Chimes again for help that nobody has answered (ms). */
const CHIME_EVERY = 8_000;

/** Called once by the shell: a customer who calls for help is heard until somebody is on the way. */
export function useHelpAlarm(): void {
  const live = useLive();
  const { t } = useI18n({ useScope: 'global' });
  let silence = () => {};

  const waiting = computed(() =>
    live.staff?.roles.includes('branch-staff') ? live.help.filter((one) => one.state.at === 'called') : [],
  );
  watch(
    () => waiting.value.map((one) => one.helpId).join(),
    () => {
      silence();
      const first = waiting.value[0];
      if (first === undefined) return;
      chime();
      const timer = setInterval(chime, CHIME_EVERY);
      const stops = [
        flashTitle(t('help.pageTitle')),
        alertOutside({
          title: t('help.alertTitle'),
          body: t('help.alertBody', { kiosk: first.kiosk }),
          tag: 'openvtm-help',
        }),
      ];
      silence = () => {
        clearInterval(timer);
        for (const stop of stops) stop();
        silence = () => {};
      };
    },
    { immediate: true },
  );
  onScopeDispose(() => silence());
}
