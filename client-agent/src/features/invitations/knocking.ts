import { computed, onScopeDispose, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { alertOutside, flashTitle, knock } from '../sound/index.ts';
import { useInvitationsToMe } from './to-me.ts';

/** Called once by the shell: an invitation is softly heard until it is answered or over. */
export function useKnocking(): void {
  const open = useInvitationsToMe();
  const { t } = useI18n({ useScope: 'global' });
  let silence = () => {};

  // By id: the same invitations in a new snapshot must not begin anew.
  const ids = computed(() => open.value.map(({ invitationId }) => invitationId).join());
  watch(
    ids,
    () => {
      silence();
      const [first] = open.value;
      if (first === undefined) return;
      const words = t(`invitation.${first.kind}`, { name: first.from });
      const stops = [
        knock(),
        flashTitle(words),
        alertOutside({ title: words, body: first.kiosk.name, tag: 'openvtm-invitation' }),
      ];
      silence = () => {
        for (const stop of stops) stop();
        silence = () => {};
      };
    },
    { immediate: true },
  );
  onScopeDispose(() => silence());
}
