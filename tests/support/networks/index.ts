export { type Machine, Networks, reasonForNoNetworks } from './networks.ts';
export { makeThreeMachines, type ThreeMachines } from './three-machines.ts';
