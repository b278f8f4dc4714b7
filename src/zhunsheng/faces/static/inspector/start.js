/* Makes this page work without a network, and says when it does. */
(function () {
  "use strict";

  const SAY = {
    ready: { en: "Ready to work without a network.", zh: "已可离线使用。" },
    never: { en: "This browser cannot work without a network here (it needs https).", zh: "当前浏览器环境不支持离线使用（需 https）。" },
    trying: { en: "Preparing to work without a network…", zh: "正在准备离线使用……" },
    failed: { en: "Not yet ready to work without a network: load this page again.", zh: "尚未准备好离线使用，请重新加载本页。" },
  };
  const chinese = document.documentElement.lang.startsWith("zh");
  const place = document.getElementById("offline-state");

  function say(key) {
    if (!place) return;
    place.dataset.state = key;
    place.textContent = SAY[key][chinese ? "zh" : "en"];
  }

  async function prepare() {
    if (!("serviceWorker" in navigator)) return say("never");
    say("trying");
    const shell = JSON.parse(document.getElementById("shell").textContent);
    try {
      await navigator.serviceWorker.register(shell.worker, { scope: shell.tasks });
      const worker = (await navigator.serviceWorker.ready).active;
      if (!navigator.onLine) return say("ready");
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => say(event.data.ready ? "ready" : "failed");
      const addresses = [...shell.files, shell.tasks, location.pathname];
      worker.postMessage({ what: "keep", addresses }, [channel.port2]);
    } catch (lost) {
      say(navigator.serviceWorker.controller ? "ready" : "failed");
    }
  }

  window.addEventListener("load", prepare);
})();
