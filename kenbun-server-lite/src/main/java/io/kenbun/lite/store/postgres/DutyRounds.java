package io.kenbun.lite.store.postgres;

import io.kenbun.lite.pipeline.Duty;
import io.kenbun.lite.pipeline.Idle;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Notice;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets callers on any node wait for what one node does for all. Any thread.
 *
 * <pre>
 *   whenIdle() ──"ask:DUTY:ticket"──&gt; who is on duty: waits for its worker ──"did:ticket"──&gt; done
 *        └── again at every look, until it is answered: who was on duty may be gone
 * </pre>
 */
final class DutyRounds {
  private static final Logger log = LoggerFactory.getLogger(DutyRounds.class);
  private static final String ASK = "ask:";
  private static final String DID = "did:";

  private final Database database;
  private final Predicate<Duty> onDuty;
  private final Map<Duty, Idle> own = new ConcurrentHashMap<>();
  private final Map<String, Asked> asked = new ConcurrentHashMap<>(); // By ticket.
  private final Set<String> answering = ConcurrentHashMap.newKeySet();
  private final String node = UUID.randomUUID().toString();
  private final AtomicLong tickets = new AtomicLong();

  private record Asked(Duty duty, Runnable done) {}

  /**
   * Makes them.
   *
   * @param onDuty whether it is this node that does something
   */
  DutyRounds(Database database, Predicate<Duty> onDuty) {
    this.database = database;
    this.onDuty = onDuty;
  }

  /** Returns who is on duty, whichever node that is; {@code worker} is this node's. */
  Idle of(Duty duty, Idle worker) {
    own.put(duty, worker);
    return done -> onDuty.test(duty) ? worker.whenIdle(done) : ask(new Asked(duty, done));
  }

  private Runnable ask(Asked question) {
    String ticket = node + "." + tickets.incrementAndGet();
    asked.put(ticket, question);
    send(ticket, question);
    return () -> asked.remove(ticket);
  }

  private void send(String ticket, Asked question) {
    send(ASK + question.duty + ":" + ticket);
  }

  private void send(String text) {
    try {
      database.inTransaction(
          connection -> {
            Notice.send(connection, text);
            return text;
          });
    } catch (StorageException e) {
      log.debug("Other nodes could not be told, and are asked again", e);
    }
  }

  /** Asks again what nobody has answered. */
  void askAgain() {
    asked.forEach(this::send);
  }

  /** Takes what a node has told all. */
  void told(String text) {
    if (text.startsWith(DID)) {
      Asked answered = asked.remove(text.substring(DID.length()));
      if (answered != null) {
        answered.done.run();
      }
    } else if (text.startsWith(ASK)) {
      int end = text.indexOf(':', ASK.length());
      Duty duty = Duty.valueOf(text.substring(ASK.length(), end));
      String ticket = text.substring(end + 1);
      Idle worker = own.get(duty);
      if (worker != null && onDuty.test(duty) && answering.add(ticket)) {
        worker.whenIdle(
            () -> {
              answering.remove(ticket);
              send(DID + ticket);
            });
      }
    }
  }
}
