export { tcpRelay, type TcpRelay } from './tcp-relay.ts';
export { udpRelay, type UdpRelay } from './udp-relay.ts';
