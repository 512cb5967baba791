/** A process that opens the workspace it is given, says so, and stays until it is killed. */
import { Workspace } from '../../src/workspace/workspace.ts';

Workspace.open(process.argv[2]!);
console.log('open');
setInterval(() => {}, 1000);
