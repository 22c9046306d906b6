package io.kenbun.examples;

import io.kenbun.client.Alias;
import io.kenbun.client.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A made-up working day, 08:00 to 18:00, of a dozen leads of a company that sells software.
 *
 * <p>The same every time but for its date: 18:00 is the moment that is given, so nothing lies
 * ahead.
 */
final class SampleDay {
  private static final LocalTime CLOSING = LocalTime.of(18, 0);

  private final Instant end;
  private final List<Event> events = new ArrayList<>();
  private final Map<String, Alias> people = new LinkedHashMap<>();

  SampleDay(Instant end) {
    this.end = end;
    Alias grace = person("Grace, buys today", Alias.email("grace@hopper.example"));
    did(grace, "08:12", "Email Open", "campaign", "spring-release");
    did(grace, "08:13", "Email Click", "campaign", "spring-release");
    did(grace, "08:14", "Page View", "path", "/pricing");
    did(grace, "08:19", "Page View", "path", "/pricing/enterprise");
    did(grace, "08:31", "Demo Request", "product", "enterprise", "seats", 250);

    // First only a cookie; the form ties the address to it, and from then on either will do.
    Alias browser = Alias.cookie("v-7f3a91");
    Alias alan = person("Alan, came back by mail", Alias.email("alan@turing.example"));
    did(browser, "09:02", "Page View", "path", "/", "utm_source", "search");
    did(browser, "09:04", "Page View", "path", "/docs/scoring");
    did(browser, "09:11", "Page View", "path", "/pricing");
    event("09:15", "Form Submit", "form", "newsletter").alias(browser).alias(alan).add();
    did(alan, "14:40", "Email Click", "campaign", "welcome");

    Alias crm = person("Account 1842 in the CRM", Alias.externalId("crm-1842"));
    did(crm, "09:30", "Trial Sign-up", "plan", "team", "annual", true);
    did(crm, "09:41", "Page View", "path", "/docs/quickstart");
    did(crm, "15:05", "Webinar Attended", "minutes", 42);

    Alias phone = person("Katherine, by phone", Alias.phone("+1 555 0142"));
    did(phone, "10:00", "Webinar Attended", "minutes", 55);
    did(phone, "11:20", "Content Download", "title", "Scoring handbook");

    Alias social = person("Annie, on a network", Alias.social("network/annie-easley"));
    did(social, "10:45", "Content Download", "title", "Benchmark 2024");
    did(social, "10:52", "Page View", "path", "/pricing");
    did(social, "16:10", "Form Submit", "form", "contact");

    Alias edsger = person("Edsger, evaluates", Alias.email("edsger@dijkstra.example"));
    did(edsger, "08:55", "Trial Sign-up", "plan", "solo", "annual", false);
    did(edsger, "13:00", "Page View", "path", "/docs/goto");
    did(edsger, "13:02", "Page View", "path", "/docs/api");

    Alias barbara = person("Barbara, compares prices", Alias.email("barbara@liskov.example"));
    did(barbara, "11:00", "Page View", "path", "/pricing");
    did(barbara, "12:30", "Page View", "path", "/pricing");
    did(barbara, "17:15", "Page View", "path", "/compare", "tags", List.of("a", "b"));

    Alias donald = person("Donald, reads the mail", Alias.email("donald@knuth.example"));
    did(donald, "08:20", "Email Open", "campaign", "spring-release");
    did(donald, "12:20", "Email Open", "campaign", "spring-release");
    did(donald, "12:21", "Email Click", "campaign", "spring-release");

    Alias leaver = person("Leaves the list", Alias.email("leaver@example.com"));
    did(leaver, "08:25", "Email Open", "campaign", "spring-release");
    did(leaver, "08:26", "Unsubscribe", "reason", "too many mails");

    Alias job = person("Looks for a job", Alias.cookie("v-c41d07"));
    did(job, "13:30", "Page View", "path", "/careers");
    did(job, "13:34", "Page View", "path", "/careers/java");

    Alias radia = person("Radia, two offices", Alias.email("radia@perlman.example"));
    event("14:00", "Content Download", "title", "Routing leads")
        .alias(radia)
        .alias(Alias.externalId("crm-2077"))
        .add();
    did(Alias.externalId("crm-2077"), "15:45", "Demo Request", "product", "team");

    Alias tim = person("Tim, just arrived", Alias.cookie("v-000001"));
    did(tim, "18:00", "Page View", "path", "/", "referrer", "news");
    events.sort(Comparator.comparingLong(Event::timestampMillis));
  }

  /** Returns the day's events, the earliest first. */
  List<Event> events() {
    return events;
  }

  /** Returns an alias of each lead, under a name for people. */
  Map<String, Alias> people() {
    return people;
  }

  private Alias person(String name, Alias alias) {
    people.put(name, alias);
    return alias;
  }

  private void did(Alias who, String time, String type, Object... metadata) {
    event(time, type, metadata).alias(who).add();
  }

  private Draft event(String time, String type, Object... metadata) {
    Duration ago = Duration.between(LocalTime.parse(time), CLOSING);
    Event.Builder event = Event.builder(type).timestampMillis(end.minus(ago).toEpochMilli());
    for (int i = 0; i < metadata.length; i += 2) {
      event.metadata((String) metadata[i], metadata[i + 1]);
    }
    return new Draft(event);
  }

  private final class Draft {
    private final Event.Builder event;

    Draft(Event.Builder event) {
      this.event = event;
    }

    Draft alias(Alias alias) {
      event.alias(alias);
      return this;
    }

    void add() {
      events.add(event.build());
    }
  }
}
