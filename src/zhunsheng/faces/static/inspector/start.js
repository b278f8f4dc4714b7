/* Makes this page work without a network, and says when it does. */
(function () {
  "use strict";

  const SAY = {
    ready: { en: "Ready to work without a network.", zh: "已可离线使用。" },
    never: { en: "This browser cannot work without a network here (it needs https).", zh: "当前浏览器环境不支持离线使用（需 https）。" },
    trying: { en: "Preparing to work without a network…", zh: "正在准备离线使用……" },
    unsent: {
      en: "{n} records of a task that has ended were never sent. Tell whoever sent you: an extended task can be opened and sent again.",
      zh: "有 {n} 条已结束任务的记录未上传。请告知派出部门：延长期限后可重新打开任务并上传。",
    },
    erase: { en: "Delete them from this phone", zh: "从本机删除" },
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

  /* On the list of tasks: what the phone keeps of a task that has ended leaves it. Words that were never sent are not deleted
     unasked. */
  async function tidy() {
    const list = document.getElementById("tasks");
    if (!list || !window.inspectorStore) return;
    const store = window.inspectorStore;
    const still = new Set(JSON.parse(list.textContent));
    const pages = "caches" in window ? await (await caches.open("1 /inspector/")).keys() : [];
    const kept = (task) => pages.some((one) => new URL(one.url).pathname === `/inspector/${task}/`);
    const ended = (task) => !still.has(task) && !kept(task);
    for (const task of (await store.keptTasks()).filter(ended)) await store.forget(task);
    const records = (await store.all()).filter((one) => ended(one.task));
    for (const one of records.filter((each) => each.state !== "waiting")) await store.drop(one.id);
    const unsent = records.filter((one) => one.state === "waiting");
    if (unsent.length) ask(unsent);
  }

  function ask(unsent) {
    const notice = document.createElement("div");
    const [words, button] = [document.createElement("p"), document.createElement("button")];
    notice.className = "notice warning";
    notice.id = "unsent";
    words.textContent = SAY.unsent[chinese ? "zh" : "en"].replace("{n}", unsent.length);
    button.type = "button";
    button.className = "plain";
    button.textContent = SAY.erase[chinese ? "zh" : "en"];
    button.addEventListener("click", async () => {
      for (const one of unsent) await window.inspectorStore.drop(one.id);
      notice.remove();
    });
    notice.append(words, button);
    document.querySelector("main h1").after(notice);
  }

  window.addEventListener("load", () => prepare().then(tidy));
})();
