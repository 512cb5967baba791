/** What every procedure of the service is made from. */
import { implement } from '@orpc/server';
import { contract } from '../contract/contract.ts';
import type { Caller } from './caller.ts';
import { explaining } from './problems.ts';

export const procedures = implement(contract)
  .$context<Caller>()
  .use(({ next }) => explaining(next));
