/** A page that the teller shows in a call, on which both can mark. */
export const annotations = {
  'zh-CN': {
    annotations: {
      title: '柜员给您看这一页',
      lead: '您可以用手指画圈，您画的是蓝色，柜员马上看到。',
      loading: '图片马上就来…',
      undo: '撤销我画的上一笔',
      clear: '清除我画的',
    },
  },
  en: {
    annotations: {
      title: 'The teller shows you this page',
      lead: 'Circle things with your finger: yours is blue. The teller sees it at once.',
      loading: 'The picture is coming…',
      undo: 'Take back my last line',
      clear: 'Clear what I drew',
    },
  },
};
