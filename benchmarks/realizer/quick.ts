/** Whether bars are to be short, as `npm run benchmarks` has them; alone, each takes its time. */
export const quick = process.env['CAB_QUICK'] === '1';
