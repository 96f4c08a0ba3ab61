// Speaks with the platform's storage (LTI postMessage Storage 0.1), where this page stands in the platform's frame.
const storage = (() => {
  "use strict";
  const base = window.opener || window.parent;
  const hasPlatform = base !== window;
  const problems = {
    bad_request: "bad_request",
    storage_exhaustion: "exhausted",
    unauthorized: "unauthorized",
    wrong_origin: "wrong_origin",
  };

  function named(name) {
    if (!name || name === "_parent") return base;
    try {
      return base.frames[name] || base;
    } catch (error) {  // of a window on another site the frames may be out of reach
      return base;
    }
  }

  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // What `frame` answers, or null when nothing comes in time. Others send messages, too; those are passed over.
  function ask(frame, origin, milliseconds, message) {
    return new Promise((resolve) => {
      const id = newId();
      const end = (answer) => {
        clearTimeout(timer);
        window.removeEventListener("message", hear);
        resolve(answer);
      };
      const hear = ({ data, origin: from, source }) => {
        const isAnswer = data && typeof data === "object" && data.message_id === id && data.subject === `${message.subject}.response`;
        if (isAnswer && source === frame && (origin === "*" || from === origin)) end(data);
      };
      const timer = setTimeout(end, milliseconds, null);
      window.addEventListener("message", hear);
      try {
        frame.postMessage({ ...message, message_id: id }, origin);
      } catch (error) {  // what has that name is no frame
        end(null);
      }
    });
  }

  // What the platform says that it can, under the name of today or the one before; nothing is no error.
  async function capabilities() {
    const asked = ["lti.capabilities", "org.imsglobal.lti.capabilities"].map(async (subject) => {
      const answer = await ask(base, "*", 1000, { subject });
      return answer && Array.isArray(answer.supported_messages) ? answer.supported_messages : Promise.reject(new Error("none"));
    });
    const found = await Promise.any(asked).catch(() => []);
    return found.filter((one) => one && typeof one.subject === "string");
  }

  // An answer of the storage in the frame `target`, of whoever serves the address `platform`: {value} or {problem}.
  async function opened(target, platform) {
    const { origin } = new URL(platform);
    const known = await capabilities();
    let heard = null; // who answered last
    return async (what, members) => {
      const subjects = [`lti.${what}`, `org.imsglobal.lti.${what}`];
      const said = known.find(({ subject }) => subjects.includes(subject)) || { subject: subjects[0] };
      const frame = heard || named(typeof said.frame === "string" ? said.frame : target);
      const message = { subject: said.subject, ...members };
      let answer = await ask(frame, origin, 2000, message);
      const isDeaf = !answer || (answer.error && answer.error.code === "unsupported_subject");
      heard = isDeaf ? base : frame;
      if (heard !== frame) answer = (await ask(base, origin, 1000, message)) || answer;
      if (!answer) return { problem: "timeout" };
      return answer.error ? { problem: problems[answer.error.code] || "unsupported" } : { value: answer.value };
    };
  }

  return { hasPlatform, opened };
})();
