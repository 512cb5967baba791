// What the page uses and the old Electron's Chromium does not have yet. Only for the tests that run in it.
'use strict';

const define = (object, functions) => {
  for (const [name, value] of Object.entries(functions))
    if (!(name in object)) Object.defineProperty(object, name, { value, writable: true, configurable: true });
};

const copying = {
  toReversed() {
    return this.slice().reverse();
  },
  toSorted(compare) {
    return this.slice().sort(compare);
  },
  with(index, value) {
    const copy = this.slice();
    copy[index < 0 ? index + copy.length : index] = value;
    return copy;
  },
};
define(Array.prototype, {
  ...copying,
  toSpliced(...parameters) {
    const copy = this.slice();
    copy.splice(...parameters);
    return copy;
  },
});
define(Object.getPrototypeOf(Int8Array.prototype), copying);

const groupBy = (items, keyOf) => {
  const groups = new Map();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    if (groups.has(key)) groups.get(key).push(item);
    else groups.set(key, [item]);
  }
  return groups;
};
define(Map, { groupBy });
define(Object, { groupBy: (items, keyOf) => Object.fromEntries(groupBy(items, keyOf)) });

define(Promise, {
  withResolvers() {
    let functions;
    const promise = new Promise((resolve, reject) => (functions = { resolve, reject }));
    return { promise, ...functions };
  },
});
