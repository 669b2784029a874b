// SPDX-License-Identifier: GPL-3.0-or-later
// Loaded with --import: what our own files import by a package's name is found in the folder that ./dev installed it into.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const parent = pathToFileURL(`${process.env.BEDSIDE_PEERS}/package.json`).href;

register(`data:text/javascript,${encodeURIComponent(`
  export const resolve = (name, context, next) =>
    /^[@a-z]/.test(name) && !name.includes(':') && !context.parentURL?.includes('/node_modules/')
      ? next(name, { ...context, parentURL: '${parent}' }) : next(name, context);
`)}`);
