import { ref } from 'vue';

/** Set when the browser would not start the customer's sound without a click; calling it from a click starts it. */
export const startSound = ref<(() => void) | null>(null);
