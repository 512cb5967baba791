/** The service as the label screen asks it, whatever lies between. */
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../contract/contract.ts';

export type Client = Pick<
  ContractRouterClient<typeof contract>,
  'images' | 'labels' | 'queue' | 'relabel' | 'checkpoints'
>;
