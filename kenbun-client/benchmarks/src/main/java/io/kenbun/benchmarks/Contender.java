package io.kenbun.benchmarks;

import com.posthog.java.PostHog;
import com.posthog.server.PostHogCaptureOptions;
import com.posthog.server.PostHogConfig;
import com.posthog.server.PostHogInterface;
import com.segment.analytics.Analytics;
import com.segment.analytics.messages.TrackMessage;
import com.snowplowanalytics.snowplow.tracker.Snowplow;
import com.snowplowanalytics.snowplow.tracker.Tracker;
import com.snowplowanalytics.snowplow.tracker.events.Structured;
import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.client.OverflowPolicy;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;

/** One SDK: tracks an event with three keys, and ends. */
abstract class Contender {
  abstract void track(String lead, int number);

  /** Delivers what is left and ends; may take its time. */
  abstract String close();

  static Contender of(String name, String url) {
    return switch (name) {
      case "kenbun" -> new Kenbun(url, KenbunClient.builder());
      case "kenbun-wide" ->
          new Kenbun(
              url,
              KenbunClient.builder()
                  .maxQueuedEvents(1_000_000)
                  .maxQueuedBytes(1L << 30)
                  .maxBatchEvents(1000));
      case "kenbun-block" ->
          new Kenbun(
              url,
              KenbunClient.builder()
                  .overflowPolicy(OverflowPolicy.BLOCK)
                  .blockTimeout(1, TimeUnit.MINUTES));
      case "opentelemetry" -> new OpenTelemetry(url);
      case "segment" -> new Segment(url, new OkHttpClient());
      case "segment-nodelay" ->
          new Segment(url, new OkHttpClient.Builder().socketFactory(new NoDelay()).build());
      case "posthog" -> new PostHogJava(url);
      case "posthog-server" -> new PostHogServer(url);
      case "snowplow" -> new SnowplowTracker(url);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Map<String, Object> keys(int number) {
    Map<String, Object> map = new HashMap<>();
    map.put("path", "/pricing");
    map.put("source", "google");
    map.put("n", number);
    return map;
  }

  private static final class Kenbun extends Contender {
    private final KenbunClient client;

    Kenbun(String url, KenbunClient.Builder builder) {
      client =
          builder
              .baseUrl(url)
              .credentials(Credentials.basic("dev", "dev"))
              .orgUnit("unit_default")
              .build();
    }

    @Override
    void track(String lead, int number) {
      client.track(Event.builder(Sink.EVENT).leadId(lead).metadata(keys(number)).build());
    }

    @Override
    String close() {
      return client.close(120, TimeUnit.SECONDS) + " " + client.stats();
    }
  }

  private static final class OpenTelemetry extends Contender {
    private final SdkLoggerProvider provider;
    private final Logger logger;

    OpenTelemetry(String url) {
      provider =
          SdkLoggerProvider.builder()
              .addLogRecordProcessor(
                  BatchLogRecordProcessor.builder(
                          OtlpHttpLogRecordExporter.builder()
                              .setEndpoint(url + "/v1/logs")
                              .setCompression("gzip")
                              .build())
                      .build())
              .build();
      logger = provider.get("bench");
    }

    @Override
    void track(String lead, int number) {
      logger
          .logRecordBuilder()
          .setBody(Sink.EVENT)
          .setAllAttributes(
              Attributes.builder()
                  .put("lead", lead)
                  .put("path", "/pricing")
                  .put("source", "google")
                  .put("n", number)
                  .build())
          .emit();
    }

    @Override
    String close() {
      provider.shutdown().join(120, TimeUnit.SECONDS);
      return "";
    }
  }

  private static final class Segment extends Contender {
    private final Analytics analytics;

    Segment(String url, OkHttpClient http) {
      analytics = Analytics.builder("key").endpoint(url).client(http).build();
    }

    @Override
    void track(String lead, int number) {
      analytics.enqueue(TrackMessage.builder(Sink.EVENT).userId(lead).properties(keys(number)));
    }

    @Override
    String close() {
      analytics.flush();
      analytics.shutdown();
      return "";
    }
  }

  private static final class PostHogJava extends Contender {
    private final PostHog posthog;

    PostHogJava(String url) {
      posthog = new PostHog.Builder("key").host(url).build();
    }

    @Override
    void track(String lead, int number) {
      posthog.capture(lead, Sink.EVENT, keys(number));
    }

    @Override
    String close() {
      posthog.shutdown();
      return "";
    }
  }

  private static final class PostHogServer extends Contender {
    private final PostHogInterface posthog;

    PostHogServer(String url) {
      posthog =
          com.posthog.server.PostHog.Companion.with(
              new PostHogConfig.Builder("key")
                  .host(url)
                  .preloadFeatureFlags(false)
                  .remoteConfig(false)
                  .build());
    }

    @Override
    void track(String lead, int number) {
      posthog.capture(
          lead, Sink.EVENT, PostHogCaptureOptions.builder().properties(keys(number)).build());
    }

    @Override
    String close() {
      posthog.flush();
      posthog.close();
      return "";
    }
  }

  /** Structured events have five fields and no map: the lead, the event, and the three keys. */
  private static final class SnowplowTracker extends Contender {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private final Tracker tracker;

    SnowplowTracker(String url) {
      tracker = Snowplow.createTracker("bench" + COUNT.incrementAndGet(), "bench", url);
    }

    @Override
    void track(String lead, int number) {
      List<String> unused =
          tracker.track(
              Structured.builder()
                  .category(lead)
                  .action(Sink.EVENT)
                  .label("/pricing")
                  .property("google")
                  .value((double) number)
                  .build());
    }

    @Override
    String close() {
      tracker.close();
      return "";
    }
  }

  /** What Segment's users have to write to get rid of 40 ms a batch. */
  private static final class NoDelay extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
      Socket socket = new Socket();
      socket.setTcpNoDelay(true);
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }
}
