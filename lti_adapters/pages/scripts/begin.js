// How will this browser be known again? By a cookie, by the platform's storage, or in a window of its own.
(async () => {
  "use strict";
  const way = document.getElementById("way");
  const { target, platform, key, secret } = way.dataset;
  const onward = document.getElementById("onward");
  let isOver = false;

  const goOn = () => {
    if (isOver) return;
    isOver = true;
    if (onward.tagName === "FORM") onward.submit();
    else window.location.replace(onward.href);
  };
  const offerWindow = (problem) => {
    if (isOver) return;
    isOver = true;
    document.getElementById("problem").textContent = problem ? `platform_storage.${problem}` : "";
    document.title = document.querySelector("#window h1").textContent;
    document.getElementById("moment").hidden = true;
    document.getElementById("window").hidden = false;
    document.getElementById("open").focus();
  };
  const keepsCookies = () => {
    const cookie = (seconds) => `lti-test=1; Max-Age=${seconds}; Path=/; Secure; SameSite=None; Partitioned`;
    try {
      document.cookie = cookie(60);
      const kept = document.cookie.split("; ").includes("lti-test=1");
      document.cookie = cookie(0);
      return kept;
    } catch (error) {  // a frame that was sandboxed has none at all
      return false;
    }
  };

  if (!storage.hasPlatform || keepsCookies()) return goOn();
  if (!target) return offerWindow("");
  setTimeout(() => (document.getElementById("slow").hidden = false), 2000);
  setTimeout(offerWindow, 5000, "timeout");
  const call = await storage.opened(target, platform);
  const { problem } = await call("put_data", { key, value: secret });
  return problem ? offerWindow(problem) : goOn();
})();
