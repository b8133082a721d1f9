import type { CoreProduct } from '../contract.ts';

/** Invented people; their ID numbers and cards have right check digits and belong to nobody. */
export type SimulatedCustomer = {
  customerId: string;
  name: string;
  idNumber: string;
  phone: string;
  address: string;
  email: string | null;
  occupation: string | null;
  /** Days, as `2026-11-25`. */
  since: string;
  segment: 'standard' | 'gold' | 'private';
  riskLevel: { level: number; assessedOn: string } | null;
  dailyLimit: number;
  accounts: SimulatedAccount[];
  products: CoreProduct[];
};
type SimulatedAccount = {
  number: string;
  card: string;
  balance: number;
  state: 'open' | 'lost' | 'dormant';
  class?: '1' | '2' | '3';
  openedOn?: string;
};

const one = (
  [customerId, name, idNumber, phone]: [string, string, string, string],
  more: Partial<SimulatedCustomer> & {
    card: string;
    balance?: number;
    state?: 'open' | 'lost' | 'dormant';
    others?: SimulatedAccount[];
  },
): SimulatedCustomer => {
  const { card, balance = 20_000_00, state = 'open', others = [], since = '2015-06-01', ...rest } = more;
  return {
    customerId,
    name,
    idNumber,
    phone,
    address: '北京市东城区一号',
    email: null,
    occupation: null,
    since,
    segment: 'standard',
    riskLevel: null,
    dailyLimit: 50_000_00,
    accounts: [{ number: `01${card.slice(4)}`, card, balance, state, openedOn: since }, ...others],
    products: [],
    ...rest,
  };
};

const product = (
  [productId, kind, zh, en]: [string, CoreProduct['kind'], string, string],
  [amount, since, until]: [string | null, string, string | null],
): CoreProduct => ({ productId, kind, name: { 'zh-CN': zh, en }, amount, since, until });

export const simulatedCustomers = (): SimulatedCustomer[] => [
  one(['C-1001', '张伟', '110101198802140034', '13800138010'], {
    card: '6222021001110001994',
    segment: 'gold',
    since: '2011-03-15',
    address: '北京市海淀区中关村大街27号',
    email: 'zhangwei@example.com',
    occupation: '软件工程师',
    riskLevel: { level: 3, assessedOn: '2026-04-02' },
    others: [
      {
        number: '010210011100019001',
        card: '6222021001110019004',
        balance: 3_200_50,
        state: 'open',
        class: '2',
        openedOn: '2021-09-08',
      },
    ],
    products: [
      product(
        ['TD-2024-118', 'time-deposit', '两年定期存款', 'Time deposit, two years'],
        ['50000.00', '2025-01-20', '2027-01-20'],
      ),
      product(
        ['WM-0733', 'wealth', '稳健增利 90 天', 'Steady Income, 90 days'],
        ['100000.00', '2026-09-01', '2026-11-30'],
      ),
      product(['EB-1001', 'electronic-banking', '手机银行', 'Mobile banking'], [null, '2014-05-06', null]),
    ],
  }),
  one(['C-1002', "张伟 O'Neil", '110101199003070134', '13800138000'], {
    card: '6222021001110002992',
    since: '2019-10-12',
    address: '北京市朝阳区建国路88号',
    occupation: '教师',
    products: [product(['EB-1002', 'electronic-banking', '手机银行', 'Mobile banking'], [null, '2019-10-12', null])],
  }),
  one(['C-1003', '王小明', '11010519900307005X', '13900139001'], {
    card: '6222021001110003990',
    since: '2012-07-30',
    address: '北京市西城区金融大街17号',
    email: 'wang.xm@example.com',
    occupation: '会计',
    riskLevel: { level: 2, assessedOn: '2025-08-19' },
    products: [
      product(
        ['TD-2025-307', 'time-deposit', '一年定期存款', 'Time deposit, one year'],
        ['20000.00', '2026-03-01', '2027-03-01'],
      ),
      product(['EB-1003', 'electronic-banking', '手机银行', 'Mobile banking'], [null, '2016-02-11', null]),
    ],
  }),
  one(['C-1004', '李𠮷', '11010519491231002X', '13700137002'], {
    card: '6222021001110004998',
    balance: 310_000_00,
    since: '1996-04-18',
    occupation: '退休',
    riskLevel: { level: 1, assessedOn: '2026-06-30' },
    products: [
      product(
        ['TD-2023-041', 'time-deposit', '三年定期存款', 'Time deposit, three years'],
        ['200000.00', '2024-12-01', '2027-12-01'],
      ),
    ],
  }),
  one(['C-1005', '陈秀英', '440524188001010014', '13600136003'], {
    card: '6222021001110005995',
    state: 'dormant',
    since: '1998-11-02',
    address: '广东省汕头市潮阳区棉城镇中华路5号',
  }),
  one(['C-1006', '刘洋', '110105200002290056', '13500135004'], { card: '6222021001110006993', state: 'lost' }),
  one(['C-1007', 'Maria Rossi', '110105198511110041', '+393331234567'], {
    card: '6222021001110007991',
    since: '2022-05-16',
    address: '上海市静安区南京西路1266号',
    email: 'maria.rossi@example.com',
    occupation: 'Architect',
  }),
  one(['C-1008', '赵敏', '310101197802150024', '13300133006'], {
    card: '6222021001110008999',
    segment: 'private',
    balance: 5_600_000_00,
    since: '2008-08-08',
    address: '上海市浦东新区世纪大道100号',
    occupation: '企业主',
    riskLevel: { level: 4, assessedOn: '2026-10-11' },
    products: [
      product(['FD-5120', 'fund', '沪深 300 指数基金', 'CSI 300 index fund'], ['860000.00', '2023-02-14', null]),
      product(['IN-2209', 'insurance', '终身寿险', 'Whole life insurance'], ['300000.00', '2020-01-09', null]),
      product(['LN-7702', 'loan', '住房贷款', 'Home loan'], ['1250000.00', '2017-03-03', '2037-03-03']),
    ],
  }),
];
