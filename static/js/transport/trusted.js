/**
 * The one Trusted Types policy. HTML that reaches it was rendered by our server or by our templates and came over our
 * origin or out of the vault; scripts in it are emptied, so markup can never run code. Workers come from two places.
 */

/** @typedef {{ createHTML(html: string): string, createScript(code: string): string, createScriptURL(url: string): string }} Policy */

/** @type {Policy} */
const rules = {
  createHTML: (html) => html,
  createScript: () => '',
  createScriptURL(url) {
    if (url === '/sw.js' || /^\/static\/dist\/[\w.-]+\.js$/.test(url)) return url;
    throw new TypeError(`no script is loaded from ${url}`);
  },
};

/**
 * What it returns are TrustedHTML, TrustedScript and TrustedScriptURL where the browser has Trusted Types.
 * @type {Policy}
 */
export const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('curator', rules) ?? rules;
