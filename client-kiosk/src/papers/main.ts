import '@openvtm/ui/jitless';
import '@openvtm/ui/tokens.css';
import '../styles.css';
import { createAppI18n } from '@openvtm/ui';
import { createApp } from 'vue';
import { handouts } from '../i18n/handouts.ts';
import PapersPage from './PapersPage.vue';

const language = navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
document.documentElement.lang = language;
document.documentElement.dataset['print'] = 'normal';
createApp(PapersPage).use(createAppI18n(handouts, { language })).mount('#app');
