"use strict";
// Explains the chosen broken launch, and shows what the platform sent, which the forwarding pages report.

const choice = document.getElementById("broken");
const explained = document.getElementById("explained");
const told = document.getElementById("told");
const sent = document.getElementById("sent");
const stage = document.querySelector(".stage");

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

choice.addEventListener("change", explain);
explain();
new BroadcastChannel("lti-sent").addEventListener("message", (event) => tell(event.data));
