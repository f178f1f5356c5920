// SPDX-License-Identifier: Apache-2.0
// Holds answers to the schemas of an OpenAPI file.
const fs = require('fs');
const Ajv = require('ajv/dist/2020').default;

class Contract {
  constructor(file) {
    this.api = JSON.parse(fs.readFileSync(file, 'utf8'));
    this.ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    this.ajv.addSchema(this.api, 'openapi.json');
  }

  // Throws where the route does not exist or its answer does not fit.
  check(method, path, status, answer) {
    const route = Object.keys(this.api.paths).find((known) =>
      new RegExp(`^${known.replace(/\{[^}]*\}/g, '[^/]+')}$`).test(path));
    const found = this.api.paths[route]?.[method.toLowerCase()]?.responses?.[String(status)];
    if (found === undefined) throw new Error(`openapi.json has no ${method} ${path} → ${status}`);
    const pointer = ['paths', route, method.toLowerCase(), 'responses', String(status), 'content',
      'application/json', 'schema'].map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'));
    const at = `openapi.json#/${pointer.map(encodeURIComponent).join('/')}`;
    const valid = this.ajv.getSchema(at);
    if (!valid(answer)) {
      throw new Error(`${method} ${path}: ${this.ajv.errorsText(valid.errors).slice(0, 500)}`);
    }
  }
}

module.exports = { Contract };
