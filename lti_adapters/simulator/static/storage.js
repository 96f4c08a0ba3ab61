"use strict";
// Keeps small values for the tool, whose cookies the browser may block (LTI postMessage Storage 0.1).

const keeper = document.currentScript.dataset; // tools: their origins; frame: the name of the frame that keeps values
const kept = new Map();
const MOST_KEYS = 500;
const MOST_CHARACTERS = 4096; // of keys and values together

const refusal = (code, message) => ({ error: { code, message } });

function put({ key, value }) {
  if (typeof key !== "string") {
    return refusal("bad_request", "no key");
  }
  if (value === null || value === undefined) {
    kept.delete(key);
    return { key };
  }
  const others = [...kept].filter(([name]) => name !== key);
  const taken = others.reduce((sum, [name, text]) => sum + name.length + text.length, key.length + String(value).length);
  if (others.length >= MOST_KEYS || taken > MOST_CHARACTERS) {
    return refusal("storage_exhaustion", "no room");
  }
  kept.set(key, String(value));
  return { key, value: String(value) };
}

function get({ key }) {
  return typeof key === "string" ? { key, value: kept.get(key) ?? null } : refusal("bad_request", "no key");
}

function capabilities() {
  const where = keeper.frame ? { frame: keeper.frame } : {};
  const messages = ["lti.put_data", "lti.get_data"].map((subject) => ({ subject, ...where }));
  return { supported_messages: [{ subject: "lti.capabilities" }, ...messages] };
}

const subjects = { "lti.capabilities": capabilities, "lti.put_data": put, "lti.get_data": get };

window.addEventListener("message", ({ data, origin, source }) => {
  if (!keeper.tools.split(" ").includes(origin) || !data || typeof data.subject !== "string" || !source) {
    return;
  }
  const answer = subjects[data.subject] || (() => refusal("unsupported_subject", "unknown"));
  const said = data.message_id ? answer(data) : refusal("bad_request", "no message_id");
  source.postMessage({ ...said, subject: `${data.subject}.response`, message_id: data.message_id }, origin);
});
