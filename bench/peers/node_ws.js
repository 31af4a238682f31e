// The library `ws` on node: node node_ws.js PORT FRAME-FILE FOLDER-OF-WS. Everybody gets what anybody says.
const { readFileSync } = require("node:fs");
const [port, frame, folder] = process.argv.slice(2);
const { WebSocketServer, WebSocket } = require(folder);
const payload = readFileSync(frame, "utf8");
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port), backlog: 4096, perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.on("error", () => {});
  socket.on("message", (data) => {
    if (data.toString().startsWith('{"t":"hello"')) socket.send('{"t":"heads"}');
    else for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(payload);
  });
});
