package io.kenbun.benchmarks;

import com.posthog.server.PostHogCaptureOptions;
import com.posthog.server.PostHogConfig;
import com.posthog.server.PostHogInterface;
import com.segment.analytics.Analytics;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.TrackMessage;
import com.snowplowanalytics.snowplow.tracker.Snowplow;
import com.snowplowanalytics.snowplow.tracker.Subject;
import com.snowplowanalytics.snowplow.tracker.Tracker;
import com.snowplowanalytics.snowplow.tracker.events.SelfDescribing;
import com.snowplowanalytics.snowplow.tracker.payload.SelfDescribingJson;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What docs/migrating.md shows of other SDKs, compiled against them; never run. */
final class TheirCalls {
  private TheirCalls() {}

  static void segment(String writeKey) {
    Analytics analytics =
        Analytics.builder(writeKey).flushInterval(1, TimeUnit.SECONDS).build();
    analytics.enqueue(
        TrackMessage.builder("Signed Up")
            .userId("user-7")
            .anonymousId("anon-42")
            .properties(Map.of("plan", "pro", "seats", 5)));
    analytics.enqueue(
        IdentifyMessage.builder()
            .userId("user-7")
            .traits(Map.of("email", "ada@example.com", "company", "Analytical Engines")));
    analytics.flush();
    analytics.shutdown();
  }

  static void postHog(String apiKey) {
    PostHogInterface posthog =
        com.posthog.server.PostHog.with(
            PostHogConfig.builder(apiKey).host("https://us.i.posthog.com").build());
    posthog.capture(
        "user-7", "Signed Up", PostHogCaptureOptions.builder().property("plan", "pro").build());
    posthog.identify("user-7", Map.of("company", "Analytical Engines"));
    posthog.alias("user-7", "anon-42");
    posthog.flush();
    posthog.close();
  }

  static void olderPostHog(String apiKey) {
    com.posthog.java.PostHog posthog =
        new com.posthog.java.PostHog.Builder(apiKey).host("https://us.i.posthog.com").build();
    posthog.capture("user-7", "Signed Up", Map.of("plan", "pro"));
    posthog.shutdown();
  }

  static void snowplow(String collector) {
    Tracker tracker = Snowplow.createTracker("shop", "web", collector);
    tracker.track(
        SelfDescribing.builder()
            .eventData(
                new SelfDescribingJson(
                    "iglu:com.example/demo_request/jsonschema/1-0-0",
                    Map.of("product", "enterprise")))
            .subject(Subject.builder().userId("user-7").domainUserId("duid-42").build())
            .trueTimestamp(1_760_000_000_000L)
            .build());
    tracker.close();
  }
}
