// 现场 without a signal: pages of the field that were open before are shown as they were; everything else goes to the server.
const KEPT = "siban-field";
const PAGES = /\/desk\/hotline\/(field\/|[^/]+\/visit\/)$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (!PAGES.test(address.pathname) && !address.pathname.startsWith("/static/")) return;
  event.respondWith(
    fetch(request).then(async (answer) => {
      if (answer.ok && !answer.redirected) (await caches.open(KEPT)).put(request, answer.clone());
      return answer;
    }).catch(async () => (await caches.match(request, { ignoreVary: true })) ?? Response.error()),
  );
});
