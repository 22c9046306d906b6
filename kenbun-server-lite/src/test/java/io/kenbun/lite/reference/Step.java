package io.kenbun.lite.reference;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.RuleSetup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happens to a unit. Events carry numbers of their own and leads are named by an
 * event of theirs, so that a history means the same after other steps were dropped from it.
 */
sealed interface Step {
  /** An event arrives. Its text is JSON-like: see {@link Metadata}. */
  record Arrival(
      int number,
      @Nullable String leadId,
      List<Alias> aliases,
      String eventType,
      long timestampMillis,
      Map<String, @Nullable Object> metadata)
      implements Step {
    @Override
    public String toString() {
      StringBuilder line = new StringBuilder("event #").append(number).append(' ');
      line.append(eventType).append(" at ").append(Instant.ofEpochMilli(timestampMillis));
      if (leadId != null) {
        line.append(" lead_id=").append(leadId);
      }
      for (Alias alias : aliases) {
        line.append(' ').append(alias.kind().wireName()).append('=').append(alias.value());
      }
      return metadata.isEmpty() ? line.toString() : line + " " + Metadata.json(metadata);
    }
  }

  /** The event of that number is sent once more under the idempotency key it had. */
  record Repeat(int number) implements Step {
    @Override
    public String toString() {
      return "event #" + number + " again, same idempotency key";
    }
  }

  /** Everything that arrived so far is scored before anything else does. */
  record Drain() implements Step {
    @Override
    public String toString() {
      return "drain";
    }
  }

  /** The server's clock shows {@code nowMillis} from here on, later or earlier than before. */
  record Clock(long nowMillis) implements Step {
    @Override
    public String toString() {
      return "clock " + Instant.ofEpochMilli(nowMillis);
    }
  }

  /** The decay worker runs. */
  record Sweep() implements Step {
    @Override
    public String toString() {
      return "sweep";
    }
  }

  /** The unit's rules are {@code setup} from here on. */
  record Change(String words, RuleSetup setup) implements Step {
    @Override
    public String toString() {
      return "rules: " + words;
    }
  }

  /** The scores of the lead of that event are reset. */
  record Reset(int ofEvent) implements Step {
    @Override
    public String toString() {
      return "reset the lead of #" + ofEvent;
    }
  }

  /** The leads of {@code sources} are merged into the lead of {@code target}. */
  record Merge(int target, List<Integer> sources) implements Step {
    @Override
    public String toString() {
      return "merge the leads of " + sources + " into that of #" + target;
    }
  }

  /** Those events are deleted. */
  record Delete(List<Integer> numbers) implements Step {
    @Override
    public String toString() {
      return "delete " + numbers;
    }
  }

  /** All events of that type are deleted. */
  record DeleteType(String eventType) implements Step {
    @Override
    public String toString() {
      return "delete all of type " + eventType;
    }
  }

  /** The lead of that event is deleted with everything of it. */
  record DeleteLead(int ofEvent) implements Step {
    @Override
    public String toString() {
      return "delete the lead of #" + ofEvent;
    }
  }

  /** Profiles are scored by the rules of now. */
  record RescoreProfiles() implements Step {
    @Override
    public String toString() {
      return "rescore profiles";
    }
  }

  /** The unit is rescored. */
  record Rescore() implements Step {
    @Override
    public String toString() {
      return "rescore";
    }
  }

  /** The server is stopped and started on the same data. */
  record Restart() implements Step {
    @Override
    public String toString() {
      return "restart";
    }
  }

  /** What is known is compared. The decay worker has run before. */
  record Read() implements Step {
    @Override
    public String toString() {
      return "read";
    }
  }
}
