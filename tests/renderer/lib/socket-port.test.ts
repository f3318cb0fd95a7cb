import { socketLink } from "@renderer/lib/socket-port";
import type { Message } from "@shared/ipc/envelope";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** A socket that does what the test says. */
class FakeSocket {
  static readonly OPEN = 1;
  static readonly CONNECTING = 0;
  readyState = 0;
  readonly sent: string[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
  receive(data: unknown) {
    this.onmessage?.({ data });
  }
}

function start() {
  const sockets: FakeSocket[] = [];
  const link = socketLink(() => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket as unknown as WebSocket;
  });
  const received: Message[] = [];
  link.port.onMessage((message) => received.push(message));
  return { link, sockets, received, last: () => sockets.at(-1) as FakeSocket };
}

const request = (id: number) => ({ type: "request", id, path: "runs.list", input: undefined }) as const;

describe("a port over a socket", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", FakeSocket);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("holds messages until the first connection stands", () => {
    const { link, last } = start();
    link.port.send(request(1));
    expect(last().sent).toEqual([]);
    last().open();
    expect(JSON.parse(last().sent[0] ?? "")).toMatchObject({ id: 1, path: "runs.list" });
  });

  it("answers open requests with an error when the connection is lost", () => {
    const { link, last, received } = start();
    last().open();
    link.port.send(request(7));
    last().drop();
    expect(link.state()).toBe("lost");
    expect(received).toMatchObject([{ type: "reply", id: 7, ok: false, error: { code: "ipc.lost" } }]);
  });

  it("refuses requests at once while the connection is lost, and sends none of them later", async () => {
    const { link, last, received } = start();
    last().open();
    last().drop();
    link.port.send(request(8));
    await vi.advanceTimersByTimeAsync(0);
    expect(received).toMatchObject([{ id: 8, ok: false }]);
    await vi.advanceTimersByTimeAsync(1000);
    last().open();
    expect(link.state()).toBe("open");
    expect(last().sent).toEqual([]);
  });

  it("comes back by itself, ever more slowly", async () => {
    const { link, sockets, last } = start();
    last().open();
    last().drop();
    await vi.advanceTimersByTimeAsync(450);
    expect(sockets.length).toBe(2);
    last().drop();
    await vi.advanceTimersByTimeAsync(450);
    expect(sockets.length).toBe(2);
    await vi.advanceTimersByTimeAsync(300);
    expect(sockets.length).toBe(3);
    last().open();
    expect(link.state()).toBe("open");
  });

  it("says that it is refused when no attempt ever opened", async () => {
    const { link, last } = start();
    last().drop();
    expect(link.state()).toBe("connecting");
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await vi.advanceTimersByTimeAsync(2000);
      last().drop();
    }
    expect(link.state()).toBe("refused");
  });

  it("ignores what is no message", () => {
    const { last, received } = start();
    last().open();
    last().receive("{not json");
    last().receive(new ArrayBuffer(2));
    last().receive('"text"');
    expect(received).toEqual([]);
  });
});
