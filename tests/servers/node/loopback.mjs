// Preloaded into servers that would listen on every address of the machine: this one only.
import net from "node:net";

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === "number" && (rest[0] === undefined || typeof rest[0] === "function")
    ? listen.call(this, port, "127.0.0.1", ...rest.filter((one) => one !== undefined))
    : listen.call(this, port, ...rest);
};
