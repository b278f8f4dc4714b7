/* Pages without a network (the officer's, a self-check's): the newest copy that this device got, served when the network does
   not answer. It reaches the folder of its address alone. What is sent never passes through here: it waits in the page's own store. */
"use strict";

const SCOPE = new URL(self.registration.scope).pathname;
const CACHE = `1 ${SCOPE}`;
const SECONDS = 8;
const TASK = /\/inspector\/[0-9a-f-]{36}\//g;

/* Forget the pages of tasks that the officer's list does not name. */
async function only(cache, list) {
  const still = new Set(list.match(TASK) || []);
  const paths = (await cache.keys()).map((one) => new URL(one.url).pathname);
  await Promise.all(paths.filter((path) => path.match(TASK) && !still.has(path)).map((path) => cache.delete(path)));
}

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => (name.endsWith(` ${SCOPE}`) || name.startsWith("inspector-")) && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

/* The page names its files and itself; it is told when all of them are kept. */
self.addEventListener("message", (event) => {
  if (!event.data || event.data.what !== "keep" || !event.ports[0]) return;
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => Promise.all(event.data.addresses.map((address) => kept(cache, address))))
      .then((all) => event.ports[0].postMessage({ ready: all.every(Boolean) }))
      .catch(() => event.ports[0].postMessage({ ready: false }))
  );
});

async function kept(cache, address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return Boolean(await cache.match(address));
  await cache.put(address, answer);
  return true;
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const within = address.pathname.startsWith(SCOPE) && /^([0-9a-f-]{36}\/)?$/.test(address.pathname.slice(SCOPE.length));
  const page = event.request.mode === "navigate" && event.request.method === "GET" && within;
  const file = address.pathname.startsWith("/static/") && event.request.method === "GET";
  if (address.origin === self.location.origin && (page || file)) event.respondWith(answered(event.request, page));
});

/* A page that the server no longer gives leaves the phone; so does every task that its list no longer names. */
async function answered(request, page) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(SECONDS * 1000) });
    if (page && (answer.status === 404 || answer.type === "opaqueredirect")) await cache.delete(request.url);
    else if (answer.ok && !answer.redirected) {
      await cache.put(request.url, answer.clone());
      if (page && new URL(request.url).pathname === "/inspector/") await only(cache, await answer.clone().text());
    }
    return answer;
  } catch (lost) {
    const copy = await cache.match(request.url);
    if (copy) return copy;
    throw lost;
  }
}
