// One instance's application: a page that names the instance, and the real servers of Socket.IO, SockJS and ws.
"use strict";

const http = require("http");
const { Server } = require("socket.io");
const sockjs = require("sockjs");
const { WebSocketServer } = require("ws");

const [port, name, ...kinds] = process.argv.slice(2);

const server = http.createServer((request, response) => {
  if (request.url.startsWith("/ws")) {
    response.writeHead(426, { "content-type": "text/plain" });
    return response.end("Upgrade Required");
  }
  const origin = request.headers.origin;
  const allowed = kinds.includes("cors") && origin
    ? { "access-control-allow-origin": origin, "access-control-allow-credentials": "true" }
    : {};
  if (request.method === "OPTIONS" && allowed["access-control-allow-origin"]) {
    response.writeHead(204, allowed);
    return response.end();
  }
  response.writeHead(request.url === "/" ? 200 : 404, { "content-type": "text/html", "x-instance": name, ...allowed });
  response.end(`<html><body>instance ${name}</body></html>`);
});

const prefixes = [];
if (kinds.includes("ws")) {
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("connection", (socket) => socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })));
  server.on("upgrade", (request, socket, head) => {
    if (request.url === "/ws") {
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
    }
  });
  prefixes.push("/ws");
}
if (kinds.includes("socketio")) {
  new Server(server, { destroyUpgrade: false });
  prefixes.push("/socket.io/");
}
if (kinds.includes("sockjs")) {
  sockjs.createServer({ log: () => {} }).installHandlers(server, { prefix: "/sockjs" });
  prefixes.push("/sockjs/");
}
server.on("upgrade", (request, socket) => {
  if (!prefixes.some((prefix) => request.url.startsWith(prefix))) {
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  }
});
server.listen(Number(port), "127.0.0.1");
