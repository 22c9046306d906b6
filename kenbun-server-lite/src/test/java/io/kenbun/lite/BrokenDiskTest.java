package io.kenbun.lite;

import static io.kenbun.lite.ServerProcess.assertFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A 202 is a promise, on a disk that fails under SQLite and on one that is full: 503 while it
 * lasts, service again by itself, and never an event that was acknowledged and is not there. Wants
 * a C compiler, or the right to mount; where there is none the test is skipped.
 */
class BrokenDiskTest {
  private static final Path SHIM_SOURCE = Path.of("src/test/c/fault.c");

  @TempDir Path temp;
  private int acknowledged;
  private int refused;
  private boolean mounted;

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", "-l", temp.resolve("disk").toString());
    }
  }

  @Test
  void errorsOfTheDiskRefuseEventsAndLoseNone() throws Exception {
    Path shim = temp.resolve("fault.so");
    assumeTrue(
        run("cc", "-shared", "-fPIC", "-o", shim.toString(), SHIM_SOURCE.toString(), "-ldl") == 0,
        "there is no C compiler");
    Path faults = temp.resolve("faults");
    Path data = temp.resolve("data");
    Map<String, String> broken =
        Map.of("LD_PRELOAD", shim.toString(), "KENBUN_FAULTS", faults.toString());
    try (ServerProcess server = ServerProcess.start(broken, data)) {
      Api api = new Api(server.url()).activate("unit_default");
      for (int i = 0; i < 20; i++) {
        assertEquals(202, send(api));
      }
      Files.writeString(faults, "eio");
      for (int i = 0; i < 20; i++) {
        assertEquals(503, send(api));
      }
      assertEquals(503, api.get("/readyz").statusCode());
      Files.writeString(faults, "");
      awaitReady(api);
      for (int i = 0; i < 20; i++) {
        assertEquals(202, send(api));
      }
      api.drain();
      assertEquals(acknowledged, score(api));
      // Once more while events are being scored, then the plug is pulled.
      for (int i = 0; i < 200; i++) {
        send(api);
      }
      Files.writeString(faults, "eio");
      assertEquals(503, send(api));
      server.kill();
    }
    assertEquals(21, refused);
    try (ServerProcess server = ServerProcess.start(data)) {
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      assertEquals(acknowledged, score(api));
    }
  }

  @Test
  void aFullDiskRefusesEventsAndServesAgainOnceThereIsRoom() throws Exception {
    Path disk = mount();
    Path data = disk.resolve("data");
    try (ServerProcess server = ServerProcess.start(data)) {
      Api api = new Api(server.url()).activate("unit_default");
      String large = "x".repeat(100_000);
      for (int i = 0; i < 150 && refused == 0; i++) {
        send(api, large);
      }
      assertTrue(acknowledged > 0);
      assertEquals(1, refused);
      assertEquals(503, api.get("/readyz").statusCode());
      assertEquals(0, run("mount", "-o", "remount,size=100m", disk.toString()));
      awaitReady(api);
      for (int i = 0; i < 20; i++) {
        assertEquals(202, send(api));
      }
      api.drain();
      assertEquals(acknowledged, score(api));
      assertEquals(202, send(api, large));
      server.kill();
    }
    try (ServerProcess server = ServerProcess.start(data)) {
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      assertEquals(acknowledged, score(api));
    }
  }

  @Test
  void aServerOnADiskThatCannotBeWrittenDoesNotStartAndSaysWhy() throws Exception {
    Path disk = mount();
    Path data = disk.resolve("data");
    try (ServerProcess server = ServerProcess.start(data)) {
      assertEquals(202, send(new Api(server.url()).activate("unit_default")));
      assertEquals(143, server.terminate()); // 128 and SIGTERM, as the shell has it.
    }
    assertEquals(0, run("mount", "-o", "remount,ro", disk.toString()));
    assertFailure(
        1,
        "data directory "
            + data
            + " cannot be used: "
            + data.resolve("lock")
            + ": Read-only file system; make it writable for this user or use --data DIR\n",
        "--data",
        data.toString());
    assertEquals(0, run("mount", "-o", "remount,rw", disk.toString()));
    try (ServerProcess server = ServerProcess.start(data)) {
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      assertEquals(acknowledged, score(api));
    }
  }

  private Path mount() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()) == 0,
        "this user may not mount");
    mounted = true;
    return disk;
  }

  private int send(Api api) throws IOException, InterruptedException {
    return send(api, "");
  }

  private int send(Api api, String filler) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        api.post(
            "/ingest",
            "{\"alias_kind\":\"external_id\",\"alias\":\"a\",\"event_type\":\"Page View\",\"metadata\":{\"f\":\""
                + filler
                + "\"}}");
    if (answer.statusCode() == 202) {
      acknowledged++;
    } else {
      assertEquals(503, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains("\"code\":\"storage_unavailable\""), answer.body());
      assertTrue(answer.headers().firstValue("Retry-After").isPresent());
      refused++;
    }
    return answer.statusCode();
  }

  private static long score(Api api) throws IOException, InterruptedException {
    Map<?, ?> lead = api.object("/lead/by-alias?kind=external_id&value=a");
    return (Long) api.object("/score/" + lead.get("lead_id")).get("score");
  }

  /** Waits for what the server finds out by itself, looking now and then. */
  private static void awaitReady(Api api) throws IOException, InterruptedException {
    for (int i = 0; i < 300 && api.get("/readyz").statusCode() != 200; i++) {
      new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    }
    assertEquals(200, api.get("/readyz").statusCode());
  }

  private static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor();
    } catch (IOException e) {
      return -1; // There is no such program.
    }
  }
}
