/* The table of results: moves between cells, takes a pasted block, keeps every row as it is typed: first on this device, then on the
   server, whenever that answers. Without this file the form is sent whole. What waits lies in localStorage, because that is written
   before the next key is pressed; under the participant and the person, so that nothing is ever sent in another person's name.
   What is odd in a cell is for the server to say: there is no second copy of its rules here. */
(function () {
  "use strict";

  const form = document.getElementById("results");
  if (!form) return;
  const task = JSON.parse(document.getElementById("task").textContent);
  const chinese = document.documentElement.lang.startsWith("zh");
  const PLACE = `results:${task.id}:${task.user}:`;
  const PAUSE = 700, AGAIN = 15000;
  const SAY = {
    offline: { en: "No network: {n} rows wait on this device.", zh: "无网络：{n} 行暂存本设备。" },
    waiting: { en: "{n} rows wait on this device; it is tried again.", zh: "{n} 行暂存本设备，将自动重试上传。" },
    choose: { en: "{n} rows wait for you: see what is marked.", zh: "{n} 行待您处理，请查看标出的内容。" },
    sending: { en: "Saving…", zh: "正在保存……" },
    saved: { en: "Saved {t}", zh: "已保存 {t}" },
    here: { en: "on this device", zh: "暂存本设备" },
    signin: { en: "Sign in again to send what waits on this device: nothing is lost.", zh: "请重新登录，以上传暂存内容；内容未丢失。" },
    another: { en: "Another person is signed in now. What waits here is sent when its writer signs in again.", zh: "当前登录的是另一位用户。暂存内容待原填写人登录后上传。" },
    login: { en: "Sign in", zh: "登录" },
    colleague: { en: "{w} wrote meanwhile:", zh: "期间由{w}填写：" },
    empty: { en: "(empty)", zh: "（空）" },
    mine: { en: "Keep mine", zh: "以我的为准" },
    theirs: { en: "Keep theirs", zh: "以对方的为准" },
    full: { en: "This device cannot keep it: save at once, and do not close the page.", zh: "本设备无法暂存：请立即保存，勿关闭页面。" },
    over: { en: "{n} pasted cells did not fit into the table and were left out.", zh: "粘贴内容超出表格范围，{n} 个单元格未填入。" },
  };
  let token = form.elements.csrfmiddlewaretoken.value;
  let sending = false, again = false, timer = null, lost = false, stopped = "", leaving = false, savedAt = "";
  const sent = {};  // row → what was sent and not answered: if the server has that, it is ours and no quarrel

  const say = (key, given) =>
    Object.entries(given || {}).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), SAY[key][chinese ? "zh" : "en"]);
  const rows = () => Array.from(form.querySelectorAll("tr[data-row]"));
  const rowOf = (key) => form.querySelector(`tr[data-row="${CSS.escape(key)}"]`);
  const cells = (row) => Array.from(row.querySelectorAll("input.cell"));
  const stampOf = (key) => form.elements[`w-${key}`];
  const same = (a, b) => Object.keys(task.longest).every((name) => (a[name] || "").trim() === (b[name] || "").trim());

  const typed = (row) => Object.fromEntries(cells(row).map((cell) => [cell.dataset.field, cell.value]));
  const fill = (row, is) => cells(row).forEach((cell) => (cell.value = is[cell.dataset.field] || ""));

  /* ---- what waits on this device ---- */
  const read = (key) => JSON.parse(localStorage.getItem(PLACE + key));
  const write = (key, note) => localStorage.setItem(PLACE + key, JSON.stringify(note));
  const waiting = () => rows().map((row) => row.dataset.row).filter((key) => localStorage.getItem(PLACE + key) !== null);

  function keep(row) {
    const key = row.dataset.row, before = read(key);
    try {
      write(key, { is: typed(row), was: before ? before.was : stampOf(key).value });
    } catch (full) {
      return tell("full", true);
    }
    mark(key, say("here"));
    tell();
  }

  const mark = (key, words) => (rowOf(key).querySelector("[data-kept]").textContent = words);

  /* ---- what the page says ---- */
  function tell(key, grave, given) {
    const n = waiting().length, told = document.getElementById("told");
    form.dataset.waiting = n;
    const said = key || stopped || stands(n);
    if (said) told.textContent = say(said, { n, t: savedAt, ...given });
    told.className = grave || stopped ? "small errorlist" : "small";
    if (stopped !== "signin") return;
    const link = document.createElement("a");
    link.href = `${task.login}?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = say("login");
    told.append(" ", link);
  }

  function stands(n) {
    if (!n) return savedAt ? "saved" : "";
    if (!navigator.onLine) return "offline";
    if (waiting().every((key) => rowOf(key).classList.contains("clash"))) return "choose";
    return lost ? "waiting" : "sending";
  }

  /* What the server finds odd stands below its cell. */
  function remark(found) {
    for (const list of form.querySelectorAll("ul.told")) list.replaceChildren(), (list.hidden = true);
    for (const one of found) {
      const list = document.getElementById(`t-${one.field}-${one.key}`);
      if (list) line(list, one.text, one.blocks);
    }
  }

  function line(list, text, blocks) {
    const item = document.createElement("li"), sign = document.createElement("b");
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = blocks ? "✕" : "!";
    if (blocks) item.className = "blocks";
    item.append(sign, text);
    list.append(item);
    list.hidden = false;
  }

  function quarrel(key, stands) {
    const row = rowOf(key), box = document.createElement("div"), actions = document.createElement("div");
    row.querySelector("[data-quarrel]")?.remove();
    box.className = "notice warning small";
    box.dataset.quarrel = "";
    box.setAttribute("role", "alert");
    const words = document.createElement("p"), mine = typed(row);
    const differing = Object.keys(mine).filter((name) => mine[name].trim() !== (stands.is[name] || ""));
    const parts = differing.map((name) => `${task.labels[name]}: ${stands.is[name] || say("empty")}`);
    words.textContent = `${say("colleague", { w: stands.by || "–" })} ${parts.join("; ")}`;
    actions.className = "actions";
    for (const [name, chosen] of [["mine", true], ["theirs", false]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: say(name) });
      button.addEventListener("click", () => settle(key, stands, chosen));
      actions.append(button);
    }
    box.append(words, actions);
    row.classList.add("clash");
    row.querySelector("th").append(box);
  }

  function settle(key, stands, mine) {
    const row = rowOf(key);
    row.classList.remove("clash");
    row.querySelector("[data-quarrel]")?.remove();
    stampOf(key).value = stands.stamp;
    if (mine) {
      write(key, { is: typed(row), was: stands.stamp });
      send();
    } else {
      localStorage.removeItem(PLACE + key);
      fill(row, stands.is);
      mark(key, "");
      tell();
    }
    cells(row)[0].focus();
  }

  /* ---- sending ---- */
  async function send() {
    clearTimeout(timer);
    if (sending) return void (again = true);
    const keys = waiting().filter((key) => !rowOf(key).classList.contains("clash"));
    if (stopped || leaving || !keys.length) return tell();
    sending = true;
    tell();
    try {
      await sendRows(keys);
    } catch (unreached) {
      lost = true;
      timer = setTimeout(send, AGAIN);
    }
    sending = false;
    tell();
    if (again) {
      again = false;
      send();
    }
  }

  async function sendRows(keys) {
    const notes = Object.fromEntries(keys.map((key) => [key, read(key)]));
    for (const key of keys) (sent[key] = sent[key] || []).push(notes[key].is);
    let answer = await post(notes);
    if (answer.status === 403 && (await fresh())) answer = await post(notes);
    if (answer.redirected || answer.status === 403 || answer.status === 404) return void (stopped = stopped || "signin");
    if (answer.status >= 500) throw new Error(answer.status);
    const said = await answer.json();
    lost = false;
    if (answer.status === 409) return disputed(notes, said.stands);
    if (!answer.ok) return refused(keys, said);
    savedAt = said.at;
    for (const key of keys) taken(key, notes[key], said.stamps[key]);
    remark(said.remarks);
  }

  const post = (notes) =>
    fetch(task.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ user: task.user, rows: Object.entries(notes).map(([key, note]) => ({ key, is: note.is, was: note.was })) }),
    });

  /* The page may have come from the device's memory with an old token, or somebody else may have signed in since. */
  async function fresh() {
    const answer = await fetch(task.status);
    if (answer.redirected || !answer.ok) return false;
    const said = await answer.json();
    if (said.user !== task.user) return void (stopped = "another");
    token = form.elements.csrfmiddlewaretoken.value = said.token;
    return true;
  }

  function taken(key, note, stamp) {
    delete sent[key];
    stampOf(key).value = stamp;
    if (same(read(key).is, note.is)) {
      localStorage.removeItem(PLACE + key);
      mark(key, "");
    } else {
      write(key, { is: read(key).is, was: stamp });
      again = true;
    }
  }

  function disputed(notes, stands) {
    for (const [key, other] of Object.entries(stands)) {
      if ((sent[key] || []).some((one) => same(one, other.is))) write(key, { is: read(key).is, was: other.stamp });
      else quarrel(key, other);
    }
    again = true;
  }

  /* One row that cannot be kept does not hold up the others. */
  function refused(keys, said) {
    if (!said.key || !keys.includes(said.key)) {
      for (const key of keys) rowOf(key).classList.add("clash");
      const told = document.getElementById("told");
      return void setTimeout(() => ((told.textContent = said.reason), (told.className = "small errorlist")));
    }
    rowOf(said.key).classList.add("clash");
    const list = document.getElementById(`t-${said.field}-${said.key}`);
    if (list) list.replaceChildren(), line(list, said.reason, true);
    else mark(said.key, said.reason);
    again = keys.length > 1;
  }

  /* ---- the grid ---- */
  function changed(row, soon) {
    if (!row.querySelector("[data-quarrel]")) row.classList.remove("clash");
    keep(row);
    clearTimeout(timer);
    timer = setTimeout(send, soon ? 0 : PAUSE);
  }

  function at(cell, down, across) {
    const all = rows(), row = all.indexOf(cell.closest("tr")) + down, column = cells(cell.closest("tr")).indexOf(cell) + across;
    return all[row] && cells(all[row])[column];
  }

  function moves(event) {
    const cell = event.target, start = cell.selectionStart, end = cell.selectionEnd;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return null;
    if (event.key === "Enter") return [event.shiftKey ? -1 : 1, 0];
    if (event.key === "ArrowDown" && !cell.list) return [1, 0];
    if (event.key === "ArrowUp" && !cell.list) return [-1, 0];
    if (event.shiftKey || start !== end) return null;
    if (event.key === "ArrowLeft" && start === 0) return [0, -1];
    if (event.key === "ArrowRight" && end === cell.value.length) return [0, 1];
    return null;
  }

  form.addEventListener("keydown", (event) => {
    const by = event.target.matches("input.cell") && moves(event);
    if (!by) return;
    event.preventDefault();
    const next = at(event.target, by[0], by[1]);
    if (next) next.focus(), next.select();
  });

  form.addEventListener("paste", (event) => {
    const cell = event.target, text = event.clipboardData.getData("text/plain");
    if (!cell.matches("input.cell") || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    const touched = new Set();
    let over = 0;
    text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").forEach((written, down) =>
      written.split("\t").forEach((value, across) => {
        const into = at(cell, down, across);
        if (!into) return void (over += value.trim() ? 1 : 0);
        into.value = value.trim();
        touched.add(into.closest("tr"));
      })
    );
    for (const row of touched) changed(row, true);
    if (over) {
      const told = document.createElement("p");
      told.className = "notice warning small";
      told.setAttribute("role", "alert");
      told.textContent = say("over", { n: over });
      form.prepend(told);
    }
  });

  form.addEventListener("input", (event) => event.target.matches("input.cell") && changed(event.target.closest("tr"), false));
  form.addEventListener("change", (event) => event.target.matches("input.cell") && changed(event.target.closest("tr"), true));
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return void (leaving = true);
    event.preventDefault();
    tell();
  });
  /* What is looked through before it is submitted is what the server has: everything goes there first. */
  document.getElementById("to-submit").addEventListener("click", async (event) => {
    if (!waiting().length) return;
    event.preventDefault();
    await send();
    while (sending) await new Promise((done) => setTimeout(done, 50));
    if (!waiting().length) location.assign(event.target.href);
  });
  window.addEventListener("online", () => ((stopped = ""), send()));
  window.addEventListener("offline", () => tell());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && waiting().length && send());

  /* What an earlier page left on this device stands in the cells again. */
  for (const key of waiting()) {
    const note = read(key), row = rowOf(key);
    if (note.was !== stampOf(key).value && same(typed(row), note.is)) {
      localStorage.removeItem(PLACE + key);
      continue;
    }
    fill(row, note.is);
    mark(key, say("here"));
  }
  tell();
  if (waiting().length && navigator.onLine) fresh().then(send, send);
  else if (waiting().length) timer = setTimeout(send, AGAIN);  // some browsers say that they are offline, and are not
})();
