import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseIpAddress } from '../../src/realizer/ip-address.ts';
import { allowsAddress, allowsName, parseAllowedPlace } from '../../src/realizer/network-policy.ts';
import { whyNotPublic } from '../../src/realizer/public-addresses.ts';

function whyNot(text: string): string | undefined {
  const address = parseIpAddress(text);
  assert.ok(address !== undefined, `${text} is no address`);
  return whyNotPublic(address);
}

/** The first and the last address of each range that is not of the public network, and those beside it that are. */
const edges: readonly (readonly [refused: readonly string[], open: readonly string[]])[] = [
  [['0.0.0.0', '0.255.255.255'], ['1.0.0.0']],
  [
    ['10.0.0.0', '10.255.255.255'],
    ['9.255.255.255', '11.0.0.0'],
  ],
  [
    ['100.64.0.0', '100.127.255.255', '100.100.100.200'],
    ['100.63.255.255', '100.128.0.0'],
  ],
  [
    ['127.0.0.0', '127.255.255.255'],
    ['126.255.255.255', '128.0.0.0'],
  ],
  [['168.63.129.16'], ['168.63.129.15', '168.63.129.17']],
  [
    ['169.254.0.0', '169.254.169.254', '169.254.255.255'],
    ['169.253.255.255', '169.255.0.0'],
  ],
  [
    ['172.16.0.0', '172.31.255.255'],
    ['172.15.255.255', '172.32.0.0'],
  ],
  [
    ['192.0.0.0', '192.0.0.192', '192.0.0.255', '192.0.2.0', '192.0.2.255'],
    ['191.255.255.255', '192.0.1.0', '192.0.3.0'],
  ],
  [
    ['192.88.99.0', '192.88.99.255'],
    ['192.88.98.255', '192.88.100.0'],
  ],
  [
    ['192.168.0.0', '192.168.255.255'],
    ['192.167.255.255', '192.169.0.0'],
  ],
  [
    ['198.18.0.0', '198.19.255.255'],
    ['198.17.255.255', '198.20.0.0'],
  ],
  [
    ['198.51.100.0', '198.51.100.255'],
    ['198.51.99.255', '198.51.101.0'],
  ],
  [
    ['203.0.113.0', '203.0.113.255'],
    ['203.0.112.255', '203.0.114.0'],
  ],
  [['224.0.0.0', '239.255.255.255', '240.0.0.0', '255.255.255.255'], ['223.255.255.255']],
  [
    ['::', '::1', '::2', '1fff:ffff::'],
    ['2000::', '2600::1', '2a00::1', '3ffe::1'],
  ],
  [
    ['2001::', '2001:1ff:ffff::', '2001:db8::', '2001:db8:ffff::1'],
    ['2001:200::', '2001:db7::', '2001:db9::'],
  ],
  [['2002::', '2002:808:808::1', '2002:ffff::'], ['2003::1']],
  [['3fff::', '3fff:fff::1', '4000::1', '5f00::1'], ['3fff:1000::1']],
  [
    [
      'fc00::1',
      'fd00:ec2::254',
      'fdff::1',
      'fe80::1',
      'fe80::1%eth0',
      'febf::1',
      'fec0::1',
      'ff02::1',
      'ffff::',
    ],
    [],
  ],
];

/** The spellings in which an IPv6 address leads to an IPv4 address. */
const clothes = (v4: string): readonly string[] => [`::ffff:${v4}`, `0:0:0:0:0:ffff:${v4}`, `64:ff9b::${v4}`];

describe('an address', () => {
  it('is of the public network or not, to the very edge of each range', () => {
    for (const [refused, open] of edges) {
      for (const text of refused) assert.notEqual(whyNot(text), undefined, `${text} is open`);
      for (const text of open) assert.equal(whyNot(text), undefined, `${text} is refused`);
    }
  });

  it('is judged as the IPv4 address that it leads to', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const v4 = octets.join('.');
        for (const text of clothes(v4)) assert.equal(whyNot(text), whyNot(v4), text);
        // What is no way to it any more, or was none ever, is refused whatever it holds.
        for (const text of [`::${v4}`, `::ffff:0:${v4}`, `64:ff9b:1::${v4}`])
          assert.notEqual(whyNot(text), undefined, text);
      }),
    );
  });
});

describe('what an operator allows', () => {
  const allow = [
    '10.0.0.0/8',
    'fd00::/8',
    'git.internal',
    'mirror.internal:3000',
    '127.0.0.1:8080',
    '[::1]:8081',
  ].map((text) => {
    const place = parseAllowedPlace(text);
    assert.ok(place !== undefined, text);
    return place;
  });
  const reaches = (address: string, port: number): boolean =>
    allowsAddress(allow, parseIpAddress(address) as NonNullable<ReturnType<typeof parseIpAddress>>, port);

  it('is ranges, addresses and names, at one port or at any', () => {
    assert.ok(reaches('10.200.1.1', 80) && reaches('fdab::1', 443));
    assert.ok(reaches('127.0.0.1', 8080) && !reaches('127.0.0.1', 8081) && !reaches('127.0.0.2', 8080));
    assert.ok(reaches('::1', 8081) && !reaches('::1', 8080));
    assert.ok(!reaches('11.0.0.1', 80) && !reaches('::ffff:10.0.0.1', 80));
    for (const host of ['git.internal', 'GIT.internal.']) assert.ok(allowsName(allow, host, 22));
    for (const host of ['xgit.internal', 'git.internal.evil.org', 'a.git.internal'])
      assert.ok(!allowsName(allow, host, 22));
    assert.ok(allowsName(allow, 'mirror.internal', 3000) && !allowsName(allow, 'mirror.internal', 80));
  });

  it('is refused where it is spelt in a way that could mean something else', () => {
    const wrong = [
      '',
      '*',
      '10.0.0.0/33',
      '10/8',
      'fd00::/129',
      '0x7f.1',
      '999.1.1.1',
      'a b',
      'http://a',
      'a:0',
      'a:65536',
      '[fe80::1%eth0]',
      '-a',
      'a/8',
      'a..b',
    ];
    for (const text of wrong) assert.equal(parseAllowedPlace(text), undefined, text);
  });
});
