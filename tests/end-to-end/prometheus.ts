import assert from 'node:assert/strict';

/** A sample of a metric: its labels, and its value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const nameForm = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const labelForm = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"';
const valueForm = /^(?:[+-]?(?:[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|Inf)|NaN)$/;

/**
 * Reads Prometheus' text format by its own rules: each metric is announced once by its help and type before its samples, which stand
 * together, no sample comes twice, counters never end in anything but `_total`, histograms grow and end with +Inf. @throws where it breaks one.
 */
export function parsePrometheus(text: string): readonly Sample[] {
  assert.ok(text.endsWith('\n'), 'the last line has no end');
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const finished = new Set<string>();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  let current = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, kind, metric, rest = ''] = new RegExp(`^# (HELP|TYPE) (${nameForm}) (.*)$`).exec(line) ?? [];
    if (kind !== undefined && metric !== undefined) {
      if (metric !== current) {
        assert.ok(!finished.has(metric), `${metric} stands in two places`);
        finished.add(current);
        current = metric;
      }
      if (kind === 'HELP') assert.ok(!helped.has(metric) && helped.add(metric), `${metric} has two helps`);
      else {
        assert.ok(!types.has(metric), `${metric} has two types`);
        assert.match(rest, /^(?:counter|gauge|histogram|summary)$/);
        types.set(metric, rest);
      }
      continue;
    }
    assert.doesNotMatch(line, /^#/, `what is '${line}'?`);
    const sample = sampleOf(line);
    const base = metricOf(sample.name, types);
    assert.equal(base, current, `${line} is not below its own metric`);
    assert.ok(!seen.has(keyOf(sample)), `${line} is there twice`);
    seen.add(keyOf(sample));
    if (types.get(base) === 'counter') assert.match(base, /_total$/, `the counter ${base}`);
    samples.push(sample);
  }
  checkHistograms(samples, types);
  return samples;
}

function sampleOf(line: string): Sample {
  const [, name, list, value] = new RegExp(`^(${nameForm})(?:\\{(.*)\\})? (\\S+)$`).exec(line) ?? [];
  assert.ok(name !== undefined && value !== undefined, `'${line}' is no sample`);
  assert.match(value, valueForm, line);
  const labels: Record<string, string> = {};
  if (list !== undefined) {
    assert.match(list, new RegExp(`^${labelForm}(?:,${labelForm})*$`), line);
    for (const [, label, text] of list.matchAll(new RegExp(labelForm, 'g'))) {
      assert.ok(!Object.hasOwn(labels, label as string), `${line} has a label twice`);
      labels[label as string] = text as string;
    }
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

function metricOf(name: string, types: ReadonlyMap<string, string>): string {
  const base = name.replace(/_(?:bucket|sum|count)$/, '');
  return ['histogram', 'summary'].includes(types.get(base) ?? '') ? base : name;
}

function checkHistograms(samples: readonly Sample[], types: ReadonlyMap<string, string>): void {
  for (const [metric, type] of types) {
    if (type !== 'histogram') continue;
    const series = Map.groupBy(
      samples.filter(({ name }) => name === `${metric}_bucket`),
      ({ labels: { le: _le, ...others } }) => JSON.stringify(others),
    );
    for (const [others, buckets] of series) {
      const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('+Inf', 'Infinity')));
      assert.deepEqual(
        bounds,
        bounds.toSorted((a, b) => a - b),
        `the buckets of ${metric}`,
      );
      assert.equal(bounds.at(-1), Infinity);
      const counts = buckets.map(({ value }) => value);
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => a - b),
        `the counts of ${metric}`,
      );
      const total = samples.find(
        ({ name, labels }) => name === `${metric}_count` && JSON.stringify(labels) === others,
      );
      assert.equal(total?.value, counts.at(-1), `the count of ${metric}`);
    }
  }
}

function keyOf({ name, labels }: Sample): string {
  return `${name} ${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/** The value of the one sample of this name whose labels include these; 0 where there is none. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const found = samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  assert.ok(found.length <= 1, `${name} has several such samples`);
  return found[0]?.value ?? 0;
}
