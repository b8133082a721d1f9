import '@openvtm/ui/jitless';
import '@openvtm/ui/tokens.css';
import './styles/element.css';
import './styles/app.css';
import './styles/page.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n } from './i18n/index.ts';
import { createAppRouter } from './router.ts';
import { session } from './session/index.ts';

createApp(App).use(createPinia()).use(i18n()).use(createAppRouter()).mount('#app');
void session.begin();
