"use strict";
// Tells the platform's page that the course has changed.

new BroadcastChannel("lti-course").postMessage("changed");
