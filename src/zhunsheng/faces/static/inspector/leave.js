/* Nobody is signed in: what the server gave for working without a network leaves this device. What was written down and not yet
   sent stays, for its own writer to send; of whoever is not signed in, nothing here can be opened. The pages go last: as long as
   they are there, a visit cut short is taken up again by the next. */
(async function () {
  "use strict";
  const names = "caches" in window ? await caches.keys() : [];
  if (names.includes("1 /inspector/")) {
    for (const task of await window.inspectorStore.keptTasks()) await window.inspectorStore.forget(task);
  }
  await Promise.all(names.map((name) => caches.delete(name)));
})();
