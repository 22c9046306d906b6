package io.kenbun.lite.http.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Lines of {@code text/event-stream}, as the HTML standard has them (section 9.2). */
final class Frames {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);

  int size() {
    return out.size();
  }

  void message(long id, String event, byte[] json) {
    text("id: " + id + "\nevent: " + event + "\ndata: ");
    out.write(json, 0, json.length);
    text("\n\n");
  }

  /** Says how many messages of the listener's kinds it was not sent; the last id stays. */
  void skipped(long events) {
    text("event: skipped\ndata: {\"events\":" + events + "}\n\n");
  }

  void comment(String words) {
    text(": " + words + "\n\n");
  }

  /** Says how long to wait before coming again. */
  void retry(int millis) {
    text("retry: " + millis + "\n\n");
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
  }

  ByteBuffer buffer() {
    return ByteBuffer.wrap(out.toByteArray());
  }
}
