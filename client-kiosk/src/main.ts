import '@openvtm/ui/jitless';
import '@openvtm/ui/tokens.css';
import './styles.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { createKioskI18n } from './i18n/index.ts';
import { kioskKey } from './kiosk.ts';
import { bringLateScreens } from './screens/index.ts';
import { useKioskStore } from './store.ts';
import { startKiosk } from './wiring.ts';

const app = createApp(App).use(createPinia()).use(createKioskI18n());
app.provide(kioskKey, startKiosk(useKioskStore()));
app.mount('#app');
// After the first screen is drawn; a phone's browser may not tell when it is idle.
setTimeout(bringLateScreens, 500);
