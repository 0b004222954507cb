// What the other files use. Every sentence that a script shows stands in the page, in the page's language.
"use strict";

const language = document.documentElement.lang;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const fill = (sentence, values) => sentence.replace(/\{(\w*)\}/g, (_match, name) => values[name]);
const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
