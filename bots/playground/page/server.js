// The one line to the demo: the whole state comes in as server-sent events, what a person does goes out as JSON.

/** Server keeps the newest state and tells its listeners of each new one. */
export class Server extends EventTarget {
  constructor() {
    super();
    this.state = null;
    this.member = "";
    this.connected = false;
    this.source = null;
    this.again = 0;
  }

  /** follow (re)opens the stream as the given member of the workspace. An empty member leaves the choice to the server. */
  follow(member) {
    this.member = member;
    clearTimeout(this.again);
    this.source?.close();
    const source = new EventSource(`/play/events?member=${encodeURIComponent(member)}`);
    this.source = source;
    source.addEventListener("state", (event) => this.take(JSON.parse(event.data), source));
    source.addEventListener("error", () => this.lost(source));
  }

  take(state, source) {
    if (source !== this.source) return;
    this.state = state;
    this.setConnected(true);
    this.dispatchEvent(new Event("state"));
  }

  // The browser tries again by itself, except after an answer that is no stream: then we do.
  lost(source) {
    if (source !== this.source) return;
    this.setConnected(false);
    if (source.readyState === EventSource.CLOSED) this.again = setTimeout(() => this.follow(this.member), 1500);
  }

  setConnected(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.dispatchEvent(new Event("connection"));
  }

  /**
   * act posts one act ("telegram/send", {...}) and gives the JSON answer. A refusal becomes an Error with the server's own sentence, and `refused` set.
   */
  async act(path, body) {
    let answer;
    try {
      answer = await fetch(`/play/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    } catch (cause) {
      throw new Error("unreachable", { cause });
    }
    const content = await answer.json().catch(() => ({}));
    if (answer.ok && !content.error) return content;
    const refusal = new Error(content.error || `${answer.status} ${answer.statusText}`);
    refusal.refused = true;
    throw refusal;
  }
}
