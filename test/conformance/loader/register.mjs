// The suite imports `fs.globSync`, which Node 20 does not have, and never calls it
// in the commands that are used here. Without this the suite does not even start.
import { register } from 'node:module';

register('./hook.mjs', import.meta.url);
