"use strict";
// Explains the chosen broken launch, shows what the platform sent, which the forwarding pages report, and keeps the
// gradebook and the list of activities as they are on the platform.

const choice = document.getElementById("broken");
const explained = document.getElementById("explained");
const told = document.getElementById("told");
const sent = document.getElementById("sent");
const stage = document.querySelector(".stage");
const course = document.getElementById("course");
const activity = document.getElementById("activity");
const OFTEN = 5000; // milliseconds; a tool may send a grade without showing another page

function explain() {
  explained.textContent = choice.selectedOptions[0].dataset.about;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

// On a narrow screen the frame stands below the form.
function showStage() {
  if (stage.getBoundingClientRect().top > window.innerHeight / 2) {
    stage.scrollIntoView();
  }
}

function tell(report) {
  if (report.step === "login") {
    sent.replaceChildren();
    told.textContent = report.broken
      ? `${report.broken.title}: the tool must refuse it (${report.broken.code}).`
      : "Launched.";
    showStage();
  }
  const times = report.times > 1 ? `, ${report.times} times` : "";
  sent.append(element("h2", `${report.to}${times}`));
  for (const [title, text] of report.parts) {
    sent.append(element("h3", title), element("pre", text));
  }
}

// Replaces what has changed; what a person opened stays open, and what they chose stays chosen.
function renew(fresh) {
  const chosen = activity.value;
  if (activity.innerHTML !== fresh.getElementById("activity").innerHTML) {
    activity.replaceChildren(...fresh.getElementById("activity").children);
    activity.value = chosen;
  }
  const renewed = fresh.getElementById("course");
  renewed.querySelector("#members").open = course.querySelector("#members").open;
  if (course.innerHTML !== renewed.innerHTML) {
    course.replaceChildren(...renewed.children);
  }
}

async function refresh() {
  if (document.hidden) {
    return;
  }
  try {
    const answer = await fetch("/");
    if (answer.ok) {
      renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // the platform was stopped: what is shown stays
  }
}

choice.addEventListener("change", explain);
document.addEventListener("visibilitychange", refresh);
document.querySelector(".stage iframe").addEventListener("load", refresh);
new BroadcastChannel("lti-course").addEventListener("message", refresh);
setInterval(refresh, OFTEN);
explain();
new BroadcastChannel("lti-sent").addEventListener("message", (event) => tell(event.data));
