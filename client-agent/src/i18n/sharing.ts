/** The customer's form in a call, which customer and agent fill in together. */
export const sharing = {
  'zh-CN': {
    sharing: {
      customerHere: '客户在这一项',
      customerTypes: '客户正在填写',
      ask: '请客户填写“{label}”',
      asked: '已请客户填写',
      newer: '您修改时，客户填写了新的内容。',
      theirs: '客户填写的',
      mine: '您填写的',
      empty: '（空）',
      keepTheirs: '保留客户的',
      askMine: '请客户确认我的',
    },
  },
  en: {
    sharing: {
      customerHere: 'The customer is here',
      customerTypes: 'The customer is typing',
      ask: 'Ask the customer to fill in “{label}”',
      asked: 'Customer asked',
      newer: 'The customer entered something else while you were typing.',
      theirs: 'The customer’s',
      mine: 'Yours',
      empty: '(empty)',
      keepTheirs: 'Keep the customer’s',
      askMine: 'Ask for mine',
    },
  },
};
