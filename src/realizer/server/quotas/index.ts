export { type Quota, Quotas } from './quotas.ts';
export { withinQuota } from './content-within-quota.ts';
