/** What goes into a training, before it starts: networks, and samples as the network gets them. */
import type { WorkspaceHolder } from '../holder.ts';
import { procedures } from '../procedures.ts';

export function networkRoutes(holder: WorkspaceHolder) {
  return {
    describe: procedures.network.describe.handler(async ({ input }) => {
      const [{ describeNetwork }, { networkInput }] = await Promise.all([
        import('../../ml/network/describe.ts'),
        import('../../ml/training/fit.ts'),
      ]);
      return describeNetwork(input.spec, networkInput, 2 * holder.read().schema.keypoints.length);
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
