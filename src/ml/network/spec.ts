/** Placeholder type until the engine helper writes the network spec. */
export type NetworkSpec = readonly unknown[];
