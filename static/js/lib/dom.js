/**
 * The few things done to the page by hand: finding, and filling templates that the server rendered.
 * Text goes in as text; no string of ours ever becomes markup.
 */

/**
 * The one element that must be there.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 * @throws {Error} when the page has none
 */
export function one(root, selector) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`no "${selector}" in this page`);
  return /** @type {any} */ (found);
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T | null}
 */
export const maybe = (root, selector) => /** @type {any} */ (root.querySelector(selector));

/**
 * A copy of `<template data-template="name">` with its slots filled.
 * @param {string} name
 * @param {Record<string, Slot>} [values]
 * @returns {HTMLElement}
 */
export function fromTemplate(name, values = {}) {
  const [root] = allFromTemplate(name, values);
  if (!root) throw new Error(`template "${name}" is empty`);
  return root;
}

/**
 * Copies of all the elements of a template.
 * @param {string} name
 * @param {Record<string, Slot>} [values]
 * @returns {HTMLElement[]}
 */
export function allFromTemplate(name, values = {}) {
  /** @type {HTMLTemplateElement} */
  const template = one(document, `template[data-template="${name}"]`);
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const roots = /** @type {HTMLElement[]} */ ([...copy.children]);
  for (const root of roots) fill(root, values);
  return roots;
}

/**
 * What goes into a slot: a text, nothing (the slot is hidden), or attributes and a text.
 * @typedef {string | number | null | Record<string, string>} Slot
 */

/**
 * Fill the slots `[data-fill=name]` of an element (itself included).
 * @param {Element} root
 * @param {Record<string, Slot>} values  an object sets attributes; its `text` becomes the text
 */
export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    const selector = `[data-fill="${name}"]`;
    const slots = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector));
    for (const slot of root.matches(selector) ? [/** @type {HTMLElement} */ (root), ...slots] : slots) {
      slot.hidden = value === null;
      if (value === null) continue;
      if (typeof value !== 'object') slot.textContent = String(value);
      else setAttributes(slot, value);
    }
  }
}

/**
 * @param {HTMLElement} slot
 * @param {Record<string, string>} attributes
 */
function setAttributes(slot, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') slot.textContent = value;
    else if (/^(href|value|max|min|src|alt|id|for|datetime|title|aria-[a-z]+|data-[a-z-]+)$/.test(name)) {
      slot.setAttribute(name, value);
    } else throw new Error(`a template slot may not set "${name}"`);
  }
}
