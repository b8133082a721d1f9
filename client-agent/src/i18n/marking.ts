/** Marking a page together with the customer. */
export const marking = {
  'zh-CN': {
    marking: {
      title: '标注',
      show: '给客户看',
      shown: '客户正在看',
      shape: { line: '手绘', arrow: '箭头', box: '方框', label: '文字' },
      words: '要写的字，再点图片',
      place: '放在中间',
      undo: '撤销我的上一处标注',
      clear: '清除本页全部标注',
    },
  },
  en: {
    marking: {
      title: 'Marks',
      show: 'Show to customer',
      shown: 'Customer sees it',
      shape: { line: 'Freehand', arrow: 'Arrow', box: 'Box', label: 'Words' },
      words: 'Words, then click the page',
      place: 'Into the middle',
      undo: 'Take back my last mark',
      clear: 'Clear all marks on this page',
    },
  },
};
