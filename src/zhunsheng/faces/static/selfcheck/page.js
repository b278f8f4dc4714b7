/* Keeps each answer of a self-check as it is typed: first on this device, then on the server, whenever that answers.
   Without this file the form is sent whole. What waits lies in localStorage, because that is written before the next key is
   pressed; under the form and the person, so that nothing is ever sent in another person's name. */
(function () {
  "use strict";

  const form = document.getElementById("selfcheck");
  if (!form) return;
  const task = JSON.parse(document.getElementById("task").textContent);
  const chinese = document.documentElement.lang.startsWith("zh");
  const PLACE = `selfcheck:${task.id}:${task.user}:`;
  const PAUSE = 700, AGAIN = 15000;
  const SAY = {
    offline: { en: "No network: {n} answers wait on this device. Files need a network.", zh: "无网络：{n} 项作答暂存本设备。文件须联网上传。" },
    waiting: { en: "{n} answers wait on this device; it is tried again.", zh: "{n} 项作答暂存本设备，将自动重试上传。" },
    choose: { en: "{n} answers wait for your choice.", zh: "{n} 项待您取舍。" },
    kept: { en: "All answers are kept.", zh: "作答已全部保存。" },
    sending: { en: "Keeping…", zh: "正在保存……" },
    here: { en: "On this device, not sent yet.", zh: "暂存本设备，尚未上传。" },
    saved: { en: "Kept.", zh: "已保存。" },
    signin: { en: "Sign in again to send what waits on this device: nothing is lost.", zh: "请重新登录，以上传暂存内容；内容未丢失。" },
    another: { en: "Another person is signed in now. What waits here is sent when its writer signs in again.", zh: "当前登录的是另一位用户。暂存内容待原填写人登录后上传。" },
    login: { en: "Sign in", zh: "登录" },
    colleague: { en: "{w} answered meanwhile ({t}):", zh: "期间由{w}修改（{t}）：" },
    correction: { en: "Correction: {c}", zh: "整改：{c}" },
    none: { en: "not answered", zh: "未作答" },
    mine: { en: "Keep mine", zh: "以我的为准" },
    theirs: { en: "Leave that one", zh: "保留对方的" },
    full: { en: "This device cannot keep it: save at once, and do not close the page.", zh: "本设备无法暂存：请立即保存，勿关闭页面。" },
    progress: { en: "{a} of {b}", zh: "{a} / {b}" },
  };
  let token = form.elements.csrfmiddlewaretoken.value;
  let sending = false, again = false, timer = null, lost = false, stopped = "", leaving = false, any = false;
  const sent = {};  // item → what was sent and not answered: if the server has that, it is ours and no quarrel

  const say = (key, given) =>
    Object.entries(given || {}).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), SAY[key][chinese ? "zh" : "en"]);
  const place = (no) => document.getElementById(`item-${no}`);
  const items = () => Array.from(form.querySelectorAll("[data-item]"));
  const same = (a, b) => a.answer === b.answer && a.remark.trim() === b.remark.trim() && a.correction.trim() === b.correction.trim();

  function typed(no) {
    const chosen = form.querySelector(`input[name="a-${no}"]:checked`);
    return { answer: chosen ? chosen.value : "", remark: form.elements[`r-${no}`].value, correction: form.elements[`c-${no}`].value };
  }

  function fill(no, is) {
    for (const radio of form.querySelectorAll(`input[name="a-${no}"]`)) radio.checked = radio.value === is.answer;
    form.elements[`r-${no}`].value = is.remark;
    form.elements[`c-${no}`].value = is.correction;
    open(no);
  }

  function open(no) {
    const is = typed(no);
    if (is.answer === "problem" || is.answer === "na" || is.remark || is.correction) place(no).querySelector(".more").open = true;
  }

  /* ---- what waits on this device ---- */
  const read = (no) => JSON.parse(localStorage.getItem(PLACE + no));
  const waiting = () => items().map((one) => one.dataset.item).filter((no) => localStorage.getItem(PLACE + no) !== null);

  function keep(no) {
    const before = read(no);
    const note = { is: typed(no), was: before ? before.was : form.elements[`w-${no}`].value };
    try {
      localStorage.setItem(PLACE + no, JSON.stringify(note));
    } catch (full) {
      return tell("full", true);
    }
    mark(no, "waiting", say("here"));
    tell();
  }

  function mark(no, state, words) {
    place(no).dataset.state = state;
    place(no).querySelector("[data-kept]").textContent = words;
  }

  /* ---- what the page says ---- */
  function tell(key, grave) {
    const n = waiting().length, told = document.getElementById("told");
    const disputed = waiting().filter((no) => place(no).classList.contains("clash")).length;
    form.dataset.waiting = n;
    form.dataset.sending = sending ? "yes" : "no";
    const said = key || stopped || stands(n, disputed);
    told.textContent = said ? say(said, { n }) : "";
    told.className = grave || stopped ? "small errorlist" : "small";
    if (stopped === "signin") {
      const link = document.createElement("a");
      link.href = `${task.login}?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = say("login");
      told.append(" ", link);
    }
    for (const file of form.querySelectorAll(".file input, .file button, [name=remove]")) file.disabled = !navigator.onLine;
  }

  function stands(n, disputed) {
    if (!n) return any ? "kept" : "";
    if (!navigator.onLine) return "offline";
    if (disputed === n) return "choose";
    return lost ? "waiting" : "sending";
  }

  function progress(said) {
    document.getElementById("progress").textContent = say("progress", { a: said.done, b: said.of });
    document.getElementById("meter").value = said.done;
    const next = document.getElementById("next");
    next.hidden = said.next === null;
    if (said.next !== null) next.href = `#item-${said.next}`;
  }

  function quarrel(no, said) {
    const box = document.createElement("div"), mine = document.createElement("button"), theirs = document.createElement("button");
    const line = (text) => box.append(Object.assign(document.createElement("p"), { textContent: text }));
    place(no).querySelector("[data-quarrel]")?.remove();
    box.className = "notice warning";
    box.dataset.quarrel = "";
    box.setAttribute("role", "alert");
    line(say("colleague", { w: said.by || "–", t: said.at }));
    line(task.answers[said.stands.answer] || say("none"));
    if (said.stands.remark) line(said.stands.remark);
    if (said.stands.correction) line(say("correction", { c: said.stands.correction }));
    for (const [button, key, chosen] of [[mine, "mine", true], [theirs, "theirs", false]]) {
      button.type = "button";
      button.className = "plain";
      button.textContent = say(key);
      button.addEventListener("click", () => settle(no, said, chosen));
    }
    const actions = Object.assign(document.createElement("div"), { className: "actions" });
    actions.append(mine, theirs);
    box.append(actions);
    place(no).classList.add("clash");
    place(no).querySelector(".choice").after(box);
  }

  function settle(no, said, mine) {
    place(no).classList.remove("clash");
    place(no).querySelector("[data-quarrel]")?.remove();
    form.elements[`w-${no}`].value = said.stamp;
    if (mine) {
      localStorage.setItem(PLACE + no, JSON.stringify({ is: typed(no), was: said.stamp }));
      send();
    } else {
      localStorage.removeItem(PLACE + no);
      fill(no, said.stands);
      mark(no, said.stands.answer ? "answered" : "open", say("saved"));
      tell();
    }
    place(no).querySelector("input[type=radio]").focus();
  }

  /* ---- sending ---- */
  async function send() {
    clearTimeout(timer);
    if (sending) return void (again = true);
    if (stopped || leaving) return;
    sending = true;
    tell();
    try {
      for (const no of waiting()) if (!place(no).classList.contains("clash") && !(await sendOne(no))) break;
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

  async function sendOne(no) {
    const note = read(no);
    (sent[no] = sent[no] || []).push(note.is);
    let answer = await post(no, note);
    if (answer.status === 403 && (await fresh())) answer = await post(no, note);
    if (answer.redirected || answer.status === 403 || answer.status === 404) {
      stopped = stopped || "signin";
      return false;
    }
    if (answer.status >= 500) throw new Error(answer.status);
    const said = await answer.json();
    if (answer.status === 409) return disputed(no, note, said);
    if (!answer.ok) return refused(no, said);
    delete sent[no];
    lost = false;
    any = true;
    taken(no, note, said);
    return true;
  }

  const post = (no, note) =>
    fetch(task.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ item: Number(no), is: note.is, was: note.was, user: task.user }),
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

  function taken(no, note, said) {
    form.elements[`w-${no}`].value = said.stamp;
    if (same(read(no).is, note.is)) {
      localStorage.removeItem(PLACE + no);
      mark(no, note.is.answer ? "answered" : "open", say("saved"));
      confirmed(place(no));
    } else {
      localStorage.setItem(PLACE + no, JSON.stringify({ is: read(no).is, was: said.stamp }));
      again = true;
    }
    progress(said);
  }

  /* The question goes with its answer; whoever is there with the keyboard stays in the item. */
  function confirmed(item) {
    const asked = item.querySelector(".confirm"), here = asked?.contains(document.activeElement);
    asked?.remove();
    if (here) (item.querySelector("input[type=radio]:checked") || item.querySelector("input[type=radio]")).focus();
  }

  function disputed(no, note, said) {
    if ((sent[no] || []).some((one) => same(one, said.stands))) {
      localStorage.setItem(PLACE + no, JSON.stringify({ is: note.is, was: said.stamp }));
      again = true;
    } else {
      quarrel(no, said);
    }
    return true;
  }

  function refused(no, said) {
    mark(no, "waiting", said.reason);
    place(no).classList.add("clash");
    return true;
  }

  /* ---- the form ---- */
  function changed(event) {
    const item = event.target.closest("[data-item]");
    if (!item || event.target.type === "file") return;
    if (event.target.name === "confirm" && !event.target.checked) return;
    const no = item.dataset.item;
    if (!item.querySelector("[data-quarrel]")) item.classList.remove("clash");
    keep(no);
    if (event.target.type === "radio") open(no);
    clearTimeout(timer);
    timer = setTimeout(send, event.type === "change" ? 0 : PAUSE);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return void (leaving = true);
    event.preventDefault();
    tell();
  });
  window.addEventListener("online", () => ((stopped = ""), send()));
  window.addEventListener("offline", () => tell());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && waiting().length && send());

  /* What an earlier page left on this device stands in the fields again. */
  for (const no of waiting()) {
    const note = read(no);
    if (note.was !== form.elements[`w-${no}`].value && same(typed(no), note.is)) {
      localStorage.removeItem(PLACE + no);
      continue;
    }
    fill(no, note.is);
    mark(no, "waiting", say("here"));
  }
  tell();
  if (waiting().length && navigator.onLine) fresh().then(send, send);
  else if (waiting().length) timer = setTimeout(send, AGAIN);  // some browsers say that they are offline, and are not
})();
