/* What an officer wrote down and has not yet sent, in the phone's own database: it survives a reload and a flat battery. */
(function () {
  "use strict";

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("zhunsheng-inspector", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("records", { keyPath: "id" }).createIndex("task", "task");
        asked.result.createObjectStore("kept", { keyPath: "task" });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  /* One transaction on one store; resolved when it is on the disk. */
  async function within(store, mode, work) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode, { durability: "strict" });
        const asked = work(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(asked && asked.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  window.inspectorStore = {
    put: (record) => within("records", "readwrite", (store) => store.put(record)),
    drop: (id) => within("records", "readwrite", (store) => store.delete(id)),
    of: (task) => within("records", "readonly", (store) => store.index("task").getAll(task)),
    all: () => within("records", "readonly", (store) => store.getAll()),
    keep: (task, kept) => within("kept", "readwrite", (store) => store.put({ task, kept })),
    forget: (task) => within("kept", "readwrite", (store) => store.delete(task)),
    keptTasks: () => within("kept", "readonly", (store) => store.getAllKeys()),
    kept: (task) => within("kept", "readonly", (store) => store.get(task)),
  };
})();
