/** What goes into a training, before it starts: networks, and samples as the network gets them. */
import type { StartChild } from '../child.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { procedures } from '../procedures.ts';
import type { Supervisor } from '../supervisor.ts';

export function networkRoutes(holder: WorkspaceHolder, supervisor: Supervisor, startChild: StartChild) {
  return {
    describe: procedures.network.describe.handler(async ({ input }) => {
      const [{ describeNetwork }, { networkInput }] = await Promise.all([
        import('../../ml/network/describe.ts'),
        import('../../ml/training/fit.ts'),
      ]);
      return describeNetwork(input.spec, networkInput, 2 * holder.read().schema.keypoints.length);
    }),
    engines: procedures.network.engines.handler(async ({ input, signal }) => {
      const [{ engineSpeeds }, { parseNetworkSpec }, { parseRecipe }] = await Promise.all([
        import('../engine-speed.ts'),
        import('../../ml/network/spec.ts'),
        import('../../ml/training/recipe.ts'),
      ]);
      const network = {
        preset: input.network,
        spec: parseNetworkSpec(input.spec),
        recipe: parseRecipe(input.recipe),
      };
      if (!input.measure) return engineSpeeds(network, holder.read());
      const workspace = holder.write();
      using _measuring = holder.occupy('A measurement');
      return supervisor.undisturbed(() => engineSpeeds(network, workspace, startChild, signal));
    }),
    presets: procedures.network.presets.handler(async () => {
      const [{ presetNames, presetSpec }, { presetRecipes }] = await Promise.all([
        import('../../ml/network/presets.ts'),
        import('../../ml/training/recipe.ts'),
      ]);
      return presetNames.map((name) => ({ name, spec: presetSpec(name), recipe: presetRecipes[name] }));
    }),
  };
}

export function augmentationRoutes(holder: WorkspaceHolder) {
  const augmented = () => import('../augmented.ts');
  return {
    samples: procedures.augmentation.samples.handler(async ({ input }) =>
      (await augmented()).augmentedSamples(holder.read(), input),
    ),
    steps: procedures.augmentation.steps.handler(async ({ input }) =>
      (await augmented()).augmentationSteps(holder.read(), input),
    ),
    mirrorProof: procedures.augmentation.mirrorProof.handler(async () =>
      (await augmented()).proveMirroring(holder.read()),
    ),
  };
}
