package io.kenbun.lite.testkit;

import org.jspecify.annotations.Nullable;

/** Finds leads to assert things of, once everything that was sent is scored. Any thread. */
public final class Leads {
  private final LiteApi api;
  private final Story story;
  private final Runnable drain;

  Leads(LiteApi api, Story story, Runnable drain) {
    this.api = api;
    this.story = story;
    this.drain = drain;
  }

  /** Returns the lead of an e-mail address. */
  public LeadAssert email(String address) {
    return alias("email", address);
  }

  /** Returns the lead of an id in another system. */
  public LeadAssert externalId(String id) {
    return alias("external_id", id);
  }

  /** Returns the lead of an alias; {@code kind} as the API spells it, such as {@code phone}. */
  public LeadAssert alias(String kind, String value) {
    return lead(
        kind + " " + value,
        "no lead has the " + kind + " " + value,
        "/lead/by-alias?kind=" + LiteApi.encoded(kind) + "&value=" + LiteApi.encoded(value));
  }

  /** Returns the lead of that {@code lead_id}. */
  public LeadAssert id(String leadId) {
    return lead(
        "lead " + leadId, "there is no lead " + leadId, "/leads/" + LiteApi.encoded(leadId));
  }

  private LeadAssert lead(String who, String missing, String path) {
    drain.run();
    return new LeadAssert(api, story, drain, who, missing, path);
  }

  /** Returns how many leads there are. */
  public int count() {
    drain.run();
    return total();
  }

  private int total() {
    @Nullable Object total = api.get("/leads?limit=1").get("total");
    return total instanceof Number number ? number.intValue() : 0;
  }

  /** Asserts that there are exactly so many leads. */
  public Leads hasCount(int count) {
    int found = count();
    if (found != count) {
      throw new AssertionError(
          "expected "
              + Story.counted(count, "lead", "leads")
              + ", found "
              + found
              + story.ofUnit());
    }
    return this;
  }
}
