import { ref, watchEffect } from 'vue';

const KEY = 'openvtm.print';

/** Normal or large print, remembered on this machine. */
export const print = ref<'normal' | 'large'>(localStorage.getItem(KEY) === 'large' ? 'large' : 'normal');

watchEffect(() => {
  document.documentElement.dataset['print'] = print.value;
  localStorage.setItem(KEY, print.value);
});
