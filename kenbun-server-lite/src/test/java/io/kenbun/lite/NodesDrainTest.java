package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.store.TestStores;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code POST /lite/drain} at one node waits for what came in at another, and what came of it. */
@EnabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql")
class NodesDrainTest {
  private static final int ROUNDS = 20;

  @Test
  void whatAnotherNodeTookInIsScoredAndItsWebhooksAreTried() throws Exception {
    String database = TestStores.newDatabase();
    try (TestReceiver receiver = new TestReceiver();
        KenbunLite one = KenbunLite.builder().port(0).engine(database).start();
        KenbunLite two = KenbunLite.builder().port(0).engine(database).start()) {
      List<Api> nodes =
          List.of(
              new Api(one.url()).activate("unit_default"),
              new Api(two.url()).activate("unit_default"));
      HttpResponse<String> made =
          nodes
              .get(0)
              .post(
                  "/triggers",
                  "{\"name\":\"Hot\",\"score_threshold\":50,\"webhook_url\":\""
                      + receiver.url("/")
                      + "\"}");
      assertEquals(201, made.statusCode(), made.body());
      for (int round = 1; round <= ROUNDS; round++) {
        Api takes = nodes.get(round % 2);
        Api drains = nodes.get((round / 2) % 2);
        String lead = "ld_" + round;
        HttpResponse<String> taken =
            takes.post("/ingest", "{\"lead_id\":\"" + lead + "\",\"event_type\":\"Demo Request\"}");
        assertEquals(202, taken.statusCode(), taken.body());
        drains.drain();
        assertEquals(100L, drains.object("/score/" + lead).get("score"));
        String deliveries = drains.get("/lite/deliveries?limit=2").body();
        assertEquals(1, receiver.all().size(), deliveries); // Since the last round.
      }
    }
  }
}
