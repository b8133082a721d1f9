import { createAppI18n, type AppMessages } from '@openvtm/ui';
import en from './en.ts';
import zhCN from './zh-CN.ts';

/** This app's texts; a test sees to it that both languages have the same. */
export const messages: AppMessages = { 'zh-CN': zhCN, en };

export const createKioskI18n = () => createAppI18n(messages);
