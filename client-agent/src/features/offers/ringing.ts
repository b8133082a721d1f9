import { formatDuration, textIn } from '@openvtm/ui';
import { computed, onScopeDispose, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useLive } from '../../live/index.ts';
import { alertOutside, flashTitle, ring } from '../sound/index.ts';
import { answered, lastEnd, offerEnd } from './answer.ts';

/** Called once by the shell: an offer rings wherever the agent is, until it is answered, gone, or out of time. */
export function useRinging(): void {
  const live = useLive();
  const { t, locale } = useI18n({ useScope: 'global' });
  let silence = () => {};

  const ringing = computed(() => {
    if (live.agent?.at !== 'offered') return null;
    return answered.value?.offerId === live.agent.offer.offerId ? null : live.agent.offer;
  });
  // By id: the same offer in a new snapshot must not begin to ring anew.
  watch(
    () => ringing.value?.offerId ?? null,
    () => {
      silence();
      const offer = ringing.value;
      if (offer === null) return;
      const stops = [
        ring(),
        flashTitle(t('offer.pageTitle')),
        alertOutside({
          title: t('offer.alertTitle'),
          body: t('offer.alertBody', {
            service: textIn(offer.service.title, locale.value),
            kiosk: offer.kiosk.name,
            waited: formatDuration(offer.waitedMs, t),
          }),
          tag: 'openvtm-offer',
        }),
      ];
      const timer = setTimeout(() => silence(), Math.max(0, offer.deadline - Date.now() - live.clockAhead));
      silence = () => {
        clearTimeout(timer);
        for (const stop of stops) stop();
        silence = () => {};
      };
    },
    { immediate: true },
  );
  onScopeDispose(() => silence());

  watch(
    () => live.agent,
    (now, before) => {
      const end = offerEnd(before ?? null, now, answered.value);
      if (end !== null) lastEnd.value = end;
      else if (now?.at !== before?.at) lastEnd.value = null;
    },
  );
}
