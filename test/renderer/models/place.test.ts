import { expect, test } from 'vitest';
import { type ModelsPlace, readPlace, writePlace } from '../../../src/renderer/models/place.ts';

const place: ModelsPlace = {
  network: { run: 12, at: 3 },
  beside: { run: 11, at: 'start' },
  image: 5,
  spot: { layer: 'residual1.conv1', channel: 3 },
  besideSpot: { layer: 'conv1', channel: undefined },
  hide: 'nose_tip',
};

test('an address says all that is shown, and is read back', () => {
  const query = writePlace(place);
  expect(query.toString()).toBe(
    'run=12&at=3&image=5&layer=residual1.conv1&channel=3&beside=11%3Astart&layer2=conv1&hide=nose_tip',
  );
  expect(readPlace(query)).toEqual(place);
});

test('what is usual is not written, nor what belongs to a second network that is not there', () => {
  const query = writePlace({ ...place, network: { run: 12, at: 'best' }, beside: undefined });
  expect(query.toString()).toBe('run=12&image=5&layer=residual1.conv1&channel=3&hide=nose_tip');
});

test('an address by hand that makes no sense shows what is usual', () => {
  const { network, beside, image } = readPlace(
    new URLSearchParams('run=x&beside=y:best&image=-1&at=yesterday'),
  );
  expect([network, beside, image]).toEqual([undefined, undefined, undefined]);
  expect(readPlace(new URLSearchParams('run=2&at=yesterday')).network).toEqual({ run: 2, at: 'best' });
});
