/** A sheet that agent and customer look at together. */
export const explaining = {
  'zh-CN': {
    sheet: {
      words: '说明内容',
      important: '请留意',
      marked: '柜员标出的一段',
      here: '客户问的这一段',
      hereOwn: '您问的这一段',
      amount: '金额',
      months: '期限',
      rate: '年利率',
      monthsOf: '{n} 个月',
      rateOf: '{n}%',
      'deposit-interest': { main: '到期利息', total: '到期本息合计', drawn: '逐月累计的利息' },
      'loan-instalment': { main: '每月还款', total: '还款总额', drawn: '每月还款里的本金和利息' },
      capital: '本金',
      interest: '利息',
    },
  },
  en: {
    sheet: {
      words: 'What is explained',
      important: 'Please note',
      marked: 'Marked by the teller',
      here: 'The customer asks about this',
      hereOwn: 'You ask about this',
      amount: 'Amount',
      months: 'Time',
      rate: 'Rate a year',
      monthsOf: '{n} month | {n} months',
      rateOf: '{n} %',
      'deposit-interest': {
        main: 'Interest at the end',
        total: 'Paid out at the end',
        drawn: 'Interest, month by month',
      },
      'loan-instalment': {
        main: 'To pay each month',
        total: 'Paid back in all',
        drawn: 'Loan and interest in each month’s payment',
      },
      capital: 'Loan',
      interest: 'Interest',
    },
  },
};
